import { Button, Popover, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import { type ThemeChoice, useThemeChoice } from "@/app/theme/scheme";
import { Avatar } from "@/shared/ui/Avatar";
import styles from "./shell.module.css";
import { useSignOut } from "./useSignOut";

export function ThemeSwitch() {
  const { t } = useTranslation("app");
  const [choice, choose] = useThemeChoice();
  return (
    <Segmented<ThemeChoice>
      block
      value={choice}
      onChange={choose}
      aria-label={t("app:theme.title")}
      options={[
        { value: "system", label: t("app:theme.system") },
        { value: "light", label: t("app:theme.light") },
        { value: "dark", label: t("app:theme.dark") },
      ]}
    />
  );
}

export function MeMenu() {
  const { t } = useTranslation("app");
  const me = useMe();
  const signOut = useSignOut();
  const [open, setOpen] = useState(false);
  const content = (
    <div className={styles.meMenu}>
      <div className={styles.mePerson}>
        <strong>{me.person.name}</strong>
        <span>
          {[me.person.team_name, ...me.roles.map((role) => role.name)].filter(Boolean).join(" · ")}
        </span>
      </div>
      <ThemeSwitch />
      <ul className={styles.meLinks}>
        <li>
          <Link to="/me" onClick={() => setOpen(false)}>
            {t("app:me.title")}
          </Link>
        </li>
        <li>
          <Link to="/recycle-bin" onClick={() => setOpen(false)}>
            {t("app:recycle_bin.title")}
          </Link>
        </li>
        <li>
          <button type="button" onClick={signOut}>
            {t("app:sign_out")}
          </button>
        </li>
      </ul>
    </div>
  );
  return (
    <Popover
      content={content}
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
    >
      <Button type="text" shape="circle" aria-label={t("app:me.menu", { name: me.person.name })}>
        <Avatar name={me.person.name} size={30} />
      </Button>
    </Popover>
  );
}
