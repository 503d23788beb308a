import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { api } from "@/api/request";
import { Empty } from "@/shared/ui/Empty";
import { useTitle } from "@/shared/ui/useTitle";
import { AccountForm } from "./AccountForm";
import { NewPassword, newPasswordChecks } from "./NewPassword";
import styles from "./sign_in.module.css";

/** Opened by the link from the mail or from an administrator: sets a new password. */
export function ResetPassword() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:reset.new_title"));
  const [search] = useSearchParams();
  const [isDone, setIsDone] = useState(false);
  if (isDone) {
    return (
      <Empty title={t("sign_in:reset.done")} text={t("sign_in:reset.done_text")}>
        <Link to="/sign-in">{t("sign_in:sign_in")}</Link>
      </Empty>
    );
  }
  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:reset.new_title")}</h1>
      <AccountForm
        submit={t("sign_in:reset.save")}
        checks={newPasswordChecks}
        send={async ({ password }) => {
          const token = search.get("token") ?? "";
          await api.post("/password-resets/redeem", { token, password });
          setIsDone(true);
        }}
      >
        <NewPassword />
      </AccountForm>
    </section>
  );
}
