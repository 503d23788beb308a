import { LeftOutlined } from "@ant-design/icons";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, NavLink, Outlet, useLocation } from "react-router";
import { useMe } from "@/api/queries";
import { useFeatures } from "@/shared/features";
import { Empty } from "@/shared/ui/Empty";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useTitle } from "@/shared/ui/useTitle";
import { settingsPages } from "./pages";
import styles from "./settings.module.css";

const sections = ["mine", "company", "data"] as const;

/** The menu of the settings beside the chosen page; on a phone first the one, then the other. */
export function SettingsLayout() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const isPhone = useIsPhone();
  const location = useLocation();
  const current = location.pathname.split("/")[2];
  const features = useFeatures();
  const all = [...settingsPages, ...features.flatMap((feature) => feature.settings ?? [])];
  const pages = all.filter((page) => page.isVisible?.(me) ?? true);
  const isRefused = all.some((page) => page.path === current && !pages.includes(page));
  useTitle(current ? t(`settings:pages.${current}`) : t("settings:title"));
  if (!current && !isPhone) return <Navigate to={`/settings/${pages[0]?.path}`} replace />;
  const menu = (
    <nav className={styles.menu} aria-label={t("settings:title")}>
      <h1>{t("settings:title")}</h1>
      {sections.map((section) => {
        const inSection = pages.filter((page) => page.section === section);
        if (inSection.length === 0 && section !== "data") return null;
        return (
          <section key={section}>
            <h2>{t(`settings:sections.${section}`)}</h2>
            <ul>
              {inSection.map((page) => (
                <li key={page.path}>
                  <NavLink to={`/settings/${page.path}`}>
                    {t(`settings:pages.${page.path}`)}
                  </NavLink>
                </li>
              ))}
              {section === "data" ? (
                <li>
                  <NavLink to="/recycle-bin">{t("app:recycle_bin.title")}</NavLink>
                </li>
              ) : null}
            </ul>
          </section>
        );
      })}
    </nav>
  );
  if (isPhone && !current) return menu;
  return (
    <div className={styles.layout}>
      {isPhone ? (
        <Link to="/settings" className={styles.back}>
          <LeftOutlined /> {t("settings:title")}
        </Link>
      ) : (
        menu
      )}
      <div className={styles.content}>
        {isRefused ? (
          <Empty title={t("settings:refused.title")} text={t("settings:refused.text")} />
        ) : (
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        )}
      </div>
    </div>
  );
}
