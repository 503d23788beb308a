import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Me } from "@/api/types";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { useTitle } from "@/shared/ui/useTitle";
import { AccountForm } from "./AccountForm";
import { NewPassword, newPasswordChecks } from "./NewPassword";
import styles from "./sign_in.module.css";
import { TextField } from "./TextField";

/** First start: names the company and makes the first administrator; opened by the link that the server prints. */
export function Setup() {
  const { t, i18n } = useTranslation("sign_in");
  useTitle(t("sign_in:setup.title"));
  const [search] = useSearchParams();
  const token = search.get("token") ?? "";
  const navigate = useNavigate();
  const queries = useQueryClient();
  const link = useQuery({
    queryKey: ["setup", token],
    queryFn: async () => {
      await api.get("/setup", { token });
      return true;
    },
    retry: false,
  });

  if (link.isPending) return <Bar width={240} />;
  if (link.isError) {
    return (
      <Empty title={t("sign_in:setup.bad_link")} text={t("sign_in:setup.bad_link_text")}>
        <Link to="/sign-in">{t("sign_in:back")}</Link>
      </Empty>
    );
  }
  return (
    <section className={styles.panel}>
      <h1>{t("sign_in:setup.title")}</h1>
      <p className={styles.lead}>{t("sign_in:setup.lead")}</p>
      <AccountForm
        submit={t("sign_in:setup.finish")}
        checks={{
          company_name: (value) => (value ? undefined : t("sign_in:setup.company_missing")),
          name: (value) => (value ? undefined : t("sign_in:setup.name_missing")),
          email: (value) =>
            /^\S+@\S+\.\S+$/.test(value) ? undefined : t("sign_in:setup.email_missing"),
          ...newPasswordChecks,
        }}
        send={async ({ company_name, name, email, password }) => {
          const body = { token, company_name, name, email, password, language: i18n.language };
          const { data } = await api.post<Me>("/setup", body);
          queries.clear();
          queries.setQueryData(keys.session, data);
          navigate("/", { replace: true });
        }}
      >
        <TextField
          name="company_name"
          label={t("sign_in:setup.company")}
          autoComplete="organization"
          autoFocus
        />
        <TextField name="name" label={t("sign_in:setup.name")} autoComplete="name" />
        <TextField
          name="email"
          type="email"
          label={t("sign_in:setup.email")}
          autoComplete="username"
        />
        <NewPassword />
      </AccountForm>
    </section>
  );
}
