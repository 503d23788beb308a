import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { keys, useSession } from "@/api/queries";
import { api } from "@/api/request";
import type { Me } from "@/api/types";
import { useTitle } from "@/shared/ui/useTitle";
import { AccountForm } from "./AccountForm";
import styles from "./sign_in.module.css";
import { TextField } from "./TextField";

export function SignIn() {
  const { t } = useTranslation("sign_in");
  useTitle(t("sign_in:sign_in"));
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  const session = useSession();
  const from = (location.state as { from?: string } | null)?.from ?? "/";
  const signedIn = Boolean(session.data);

  useEffect(() => {
    if (signedIn) navigate(from, { replace: true });
  }, [signedIn, from, navigate]);

  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:welcome")}</h1>
      <AccountForm
        submit={t("sign_in:sign_in")}
        checks={{
          login: (value) => (value ? undefined : t("sign_in:login_missing")),
          password: (value) => (value ? undefined : t("sign_in:password_missing")),
        }}
        send={async ({ login, password }) => {
          const { data } = await api.post<Me>("/session", { login, password });
          queries.clear();
          queries.setQueryData(keys.session, data);
          // Clearing took the session from under this page's own look at it.
          navigate(from, { replace: true });
        }}
      >
        <TextField
          name="login"
          label={t("sign_in:login")}
          autoComplete="username"
          autoCapitalize="off"
          autoFocus
          // What comes after sign-in loads while the person is typing.
          onInput={() => import("@/app/shell/Shell")}
        />
        <TextField
          name="password"
          type="password"
          label={t("sign_in:password")}
          autoComplete="current-password"
        />
      </AccountForm>
      <Link to="/forgot-password">{t("sign_in:forgot")}</Link>
    </section>
  );
}
