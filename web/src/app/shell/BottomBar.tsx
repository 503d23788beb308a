import { PlusOutlined, UserOutlined } from "@ant-design/icons";
import { Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import styles from "./shell.module.css";
import { useNavEntries } from "./useNavEntries";
import { useQuickAdd } from "./useQuickAdd";

/** The phone's navigation: two words left and one right of ＋, then Me. */
export function BottomBar() {
  const { t } = useTranslation("app");
  const entries = useNavEntries()
    .filter((entry) => entry.phone !== undefined)
    .sort((a, b) => (a.phone ?? 0) - (b.phone ?? 0));
  const items = useQuickAdd();
  const link = (entry: { path: string; icon: React.ReactNode; label: string }) => (
    <NavLink key={entry.path} to={entry.path} className={styles.bottomLink}>
      {entry.icon}
      <span>{t(entry.label)}</span>
    </NavLink>
  );
  return (
    <nav className={styles.bottom} aria-label={t("app:navigation")}>
      {entries.slice(0, 2).map(link)}
      {items.length > 0 ? (
        <Dropdown menu={{ items }} trigger={["click"]} placement="top">
          <button type="button" className={styles.bottomAdd} aria-label={t("app:quick_add")}>
            <PlusOutlined />
          </button>
        </Dropdown>
      ) : null}
      {entries.slice(2, 3).map(link)}
      {link({ path: "/me", icon: <UserOutlined />, label: "app:me.title" })}
    </nav>
  );
}
