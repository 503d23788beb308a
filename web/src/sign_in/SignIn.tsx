import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { keys, useSession } from "@/api/queries";
import { api } from "@/api/request";
import type { Me } from "@/api/types";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import styles from "./sign_in.module.css";

type Credentials = { login: string; password: string };

export function SignIn() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:sign_in"));
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  const problems = useProblems();
  const session = useSession();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const from = (location.state as { from?: string } | null)?.from ?? "/";
  const signedIn = Boolean(session.data);

  useEffect(() => {
    if (signedIn) navigate(from, { replace: true });
  }, [signedIn, from, navigate]);

  const signIn = async (credentials: Credentials) => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await api.post<Me>("/session", credentials);
      queries.clear();
      queries.setQueryData(keys.session, data);
      // Clearing took the session from under this page's own look at it.
      navigate(from, { replace: true });
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:welcome")}</h1>
      {error ? <Alert type="error" showIcon title={problems.text(error)} role="alert" /> : null}
      <Form<Credentials> layout="vertical" requiredMark={false} onFinish={signIn}>
        <Form.Item
          name="login"
          label={t("sign_in:login")}
          rules={[{ required: true, message: t("sign_in:login_missing") }]}
        >
          <Input size="large" autoComplete="username" autoCapitalize="off" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("sign_in:password")}
          rules={[{ required: true, message: t("sign_in:password_missing") }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" size="large" htmlType="submit" block loading={busy}>
          {t("sign_in:sign_in")}
        </Button>
      </Form>
      <Link to="/forgot-password">{t("sign_in:forgot")}</Link>
    </section>
  );
}
