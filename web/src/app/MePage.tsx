import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import type { Language } from "@/api/types";
import { Avatar } from "@/shared/ui/Avatar";
import { useTitle } from "@/shared/ui/useTitle";
import { languages } from "./i18n";
import styles from "./me.module.css";
import { chooseLanguage } from "./shell/chooseLanguage";
import { ThemeSwitch } from "./shell/MeMenu";
import { useNavEntries } from "./shell/useNavEntries";
import { useSignOut } from "./shell/useSignOut";

/** The person's own page; on a phone also the way to everything that the bottom bar has no room for. */
export function MePage() {
  const { t, i18n } = useTranslation(["app", "waiting"]);
  useTitle(t("app:me.title"));
  const me = useMe();
  const signOut = useSignOut();
  const entries = useNavEntries();
  return (
    <div className={styles.page}>
      <header className={styles.person}>
        <Avatar name={me.person.name} size={56} />
        <div>
          <h1>{me.person.name}</h1>
          <p>
            {[
              ...new Set([
                me.person.title,
                me.person.team_name,
                ...me.roles.map((role) => role.name),
              ]),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <p>{[me.person.email, me.person.mobile].filter(Boolean).join(" · ")}</p>
        </div>
      </header>
      <section className={styles.row}>
        <h2>{t("app:language")}</h2>
        <Segmented<Language>
          value={i18n.language as Language}
          onChange={chooseLanguage}
          aria-label={t("app:language")}
          options={languages.map((language) => ({ value: language.code, label: language.name }))}
        />
      </section>
      <section className={styles.row}>
        <h2>{t("app:theme.title")}</h2>
        <ThemeSwitch />
      </section>
      <nav className={styles.links} aria-label={t("app:me.pages")}>
        {entries.map((entry) => (
          <Link key={entry.path} to={entry.path}>
            {t(entry.label)}
          </Link>
        ))}
        <Link to="/waiting">{t("waiting:title")}</Link>
        <Link to="/recycle-bin">{t("app:recycle_bin.title")}</Link>
      </nav>
      <Button onClick={signOut}>{t("app:sign_out")}</Button>
    </div>
  );
}
