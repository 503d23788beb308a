import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useMe } from "@/api/queries";
import { Logo } from "./Logo";
import styles from "./shell.module.css";
import { useNavEntries } from "./useNavEntries";

const sections = ["work", "catalogue", "organisation", "settings"] as const;

export function SideNav({ collapsed, toggle }: { collapsed: boolean; toggle: () => void }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const entries = useNavEntries();

  // The pages' code comes while the browser is idle, so that the first click is as quick as the second.
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const entry of entries) entry.preload?.();
    }, 1500);
    return () => clearTimeout(timer);
  }, [entries]);

  return (
    <nav className={styles.side} aria-label={t("app:navigation")}>
      <div className={styles.brand}>
        <NavLink
          to="/"
          title={me.company_name || undefined}
          aria-label={collapsed ? t("app:home") : undefined}
        >
          <Logo name={collapsed ? undefined : me.company_name || t("app:product")} />
        </NavLink>
      </div>
      <div className={styles.nav}>
        {sections.map((section) => {
          const inSection = entries.filter((entry) => entry.section === section);
          if (inSection.length === 0) return null;
          return (
            <ul key={section} className={styles.section}>
              {inSection.map((entry) => (
                <li key={entry.path}>
                  <Tooltip title={collapsed ? t(entry.label) : undefined} placement="right">
                    <NavLink to={entry.path} className={styles.navLink}>
                      {entry.icon}
                      <span className={collapsed ? "visually-hidden" : undefined}>
                        {t(entry.label)}
                      </span>
                    </NavLink>
                  </Tooltip>
                </li>
              ))}
            </ul>
          );
        })}
      </div>
      <Button
        type="text"
        className={styles.collapse}
        icon={collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        onClick={toggle}
        aria-expanded={!collapsed}
        aria-label={t(collapsed ? "app:nav.expand" : "app:nav.collapse")}
      />
    </nav>
  );
}
