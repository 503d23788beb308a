import { PlusOutlined, UserOutlined } from "@ant-design/icons";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { themed } from "@/shared/ui/themed";
import styles from "./shell.module.css";
import { useNavEntries } from "./useNavEntries";
import { useQuickAdd } from "./useQuickAdd";

const QuickAddMenu = themed(async () => (await import("./QuickAddMenu")).QuickAddMenu);

/** The phone's navigation: two words left and one right of ＋, then Me. */
export function BottomBar() {
  const { t } = useTranslation("app");
  const entries = useNavEntries()
    .filter((entry) => entry.phone !== undefined)
    .sort((a, b) => (a.phone ?? 0) - (b.phone ?? 0));
  const canAdd = useQuickAdd().length > 0;
  const [isAdding, setIsAdding] = useState(false);
  const add = (
    <button
      type="button"
      className={styles.bottomAdd}
      aria-label={t("app:quick_add")}
      aria-haspopup="menu"
      onClick={() => setIsAdding(true)}
    >
      <PlusOutlined />
    </button>
  );
  const link = (entry: { path: string; icon: React.ReactNode; label: string }) => (
    <NavLink key={entry.path} to={entry.path} className={styles.bottomLink}>
      {entry.icon}
      <span>{t(entry.label)}</span>
    </NavLink>
  );
  return (
    <nav className={styles.bottom} aria-label={t("app:navigation")}>
      {entries.slice(0, 2).map(link)}
      {canAdd && isAdding ? (
        <Suspense fallback={add}>
          <QuickAddMenu onClose={() => setIsAdding(false)}>{add}</QuickAddMenu>
        </Suspense>
      ) : canAdd ? (
        add
      ) : null}
      {entries.slice(2, 3).map(link)}
      {link({ path: "/me", icon: <UserOutlined />, label: "app:me.title" })}
    </nav>
  );
}
