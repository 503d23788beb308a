import { Alert, Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { api } from "@/api/request";
import { Empty } from "@/shared/ui/Empty";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { NewPassword } from "./NewPassword";
import styles from "./sign_in.module.css";

/** Opened by the link from the mail or from an administrator: sets a new password. */
export function ResetPassword() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:reset.new_title"));
  const problems = useProblems();
  const [search] = useSearchParams();
  const [state, setState] = useState<"asking" | "busy" | "done">("asking");
  const [error, setError] = useState<unknown>();

  const redeem = async ({ password }: { password: string }) => {
    setState("busy");
    setError(undefined);
    try {
      await api.post("/password-resets/redeem", { token: search.get("token") ?? "", password });
      setState("done");
    } catch (caught) {
      setError(caught);
      setState("asking");
    }
  };

  if (state === "done") {
    return (
      <Empty title={t("sign_in:reset.done")} text={t("sign_in:reset.done_text")}>
        <Link to="/sign-in">
          <Button type="primary">{t("sign_in:sign_in")}</Button>
        </Link>
      </Empty>
    );
  }
  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:reset.new_title")}</h1>
      {error ? <Alert type="error" showIcon title={problems.text(error)} role="alert" /> : null}
      <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={redeem}>
        <NewPassword />
        <Button type="primary" size="large" htmlType="submit" block loading={state === "busy"}>
          {t("sign_in:reset.save")}
        </Button>
      </Form>
    </section>
  );
}
