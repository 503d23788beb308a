import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/request";
import { Empty } from "@/shared/ui/Empty";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import styles from "./sign_in.module.css";

export function ForgotPassword() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:reset.title"));
  const problems = useProblems();
  const [state, setState] = useState<"asking" | "busy" | "sent">("asking");
  const [error, setError] = useState<unknown>();

  const send = async (body: { login: string }) => {
    setState("busy");
    setError(undefined);
    try {
      await api.post("/password-resets", body);
      setState("sent");
    } catch (caught) {
      setError(caught);
      setState("asking");
    }
  };

  if (state === "sent") {
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
      {error ? <Alert type="error" showIcon title={problems.text(error)} role="alert" /> : null}
      <Form<{ login: string }> layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item
          name="login"
          label={t("sign_in:login")}
          rules={[{ required: true, message: t("sign_in:login_missing") }]}
        >
          <Input size="large" autoComplete="username" autoFocus />
        </Form.Item>
        <Button type="primary" size="large" htmlType="submit" block loading={state === "busy"}>
          {t("sign_in:reset.send")}
        </Button>
      </Form>
      <Link to="/sign-in">{t("sign_in:back")}</Link>
    </section>
  );
}
