import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import { changeLanguage, languages } from "@/app/i18n";
import { Logo } from "@/app/shell/Logo";
import styles from "./sign_in.module.css";

/** The calm frame around every page before sign-in. */
export function SignInFrame() {
  const { t, i18n } = useTranslation(["app", "sign_in"]);
  return (
    <div className={styles.frame}>
      <header className={styles.top}>
        <Logo name={t("app:product")} />
        <nav className={styles.languages} aria-label={t("app:language")}>
          {languages.map((language) => (
            <button
              key={language.code}
              type="button"
              lang={language.code}
              aria-pressed={i18n.language === language.code}
              className={i18n.language === language.code ? styles.current : styles.other}
              onClick={() => changeLanguage(language.code)}
            >
              {language.name}
            </button>
          ))}
        </nav>
      </header>
      <main className={styles.main}>
        <Outlet />
      </main>
      <footer className={styles.foot}>{t("sign_in:claim")}</footer>
    </div>
  );
}
