import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/request";
import { Empty } from "@/shared/ui/Empty";
import { useTitle } from "@/shared/ui/useTitle";
import { AccountForm } from "./AccountForm";
import styles from "./sign_in.module.css";
import { TextField } from "./TextField";

export function ForgotPassword() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:reset.title"));
  const [isSent, setIsSent] = useState(false);
  if (isSent) {
    return (
      <Empty title={t("sign_in:reset.sent")} text={t("sign_in:reset.sent_text")}>
        <Link to="/sign-in">{t("sign_in:back")}</Link>
      </Empty>
    );
  }
  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:reset.title")}</h1>
      <p className={styles.lead}>{t("sign_in:reset.lead")}</p>
      <AccountForm
        submit={t("sign_in:reset.send")}
        checks={{ login: (value) => (value ? undefined : t("sign_in:login_missing")) }}
        send={async ({ login }) => {
          await api.post("/password-resets", { login });
          setIsSent(true);
        }}
      >
        <TextField name="login" label={t("sign_in:login")} autoComplete="username" autoFocus />
      </AccountForm>
      <Link to="/sign-in">{t("sign_in:back")}</Link>
    </section>
  );
}
