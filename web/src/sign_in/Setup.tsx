import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Me } from "@/api/types";
import { Empty } from "@/shared/ui/Empty";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { NewPassword } from "./NewPassword";
import styles from "./sign_in.module.css";

type Answers = { company_name: string; name: string; email: string; password: string };

/** First start: names the company and makes the first administrator; opened by the link that the server prints. */
export function Setup() {
  const { t, i18n } = useTranslation("sign_in");
  useTitle(t("sign_in:setup.title"));
  const [search] = useSearchParams();
  const token = search.get("token") ?? "";
  const [form] = Form.useForm<Answers>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const problems = useProblems();
  const link = useQuery({
    queryKey: ["setup", token],
    queryFn: async () => {
      await api.get("/setup", { token });
      return true;
    },
    retry: false,
  });

  const finish = async ({ company_name, name, email, password }: Answers) => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { token, company_name, name, email, password, language: i18n.language };
      const { data } = await api.post<Me>("/setup", body);
      queries.clear();
      queries.setQueryData(keys.session, data);
      navigate("/", { replace: true });
    } catch (caught) {
      const sorted = problems.sort(caught, ["company_name", "name", "email", "password"]);
      form.setFields(
        Object.entries(sorted.fields).map(([field, text]) => ({
          name: field as keyof Answers,
          errors: [text],
        })),
      );
      setError(caught);
      setBusy(false);
    }
  };

  if (link.isPending) return <Spin />;
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
      {error ? <Alert type="error" showIcon title={problems.text(error)} role="alert" /> : null}
      <Form<Answers> form={form} layout="vertical" requiredMark={false} onFinish={finish}>
        <Form.Item
          name="company_name"
          label={t("sign_in:setup.company")}
          rules={[{ required: true, message: t("sign_in:setup.company_missing") }]}
        >
          <Input autoComplete="organization" autoFocus />
        </Form.Item>
        <Form.Item
          name="name"
          label={t("sign_in:setup.name")}
          rules={[{ required: true, message: t("sign_in:setup.name_missing") }]}
        >
          <Input autoComplete="name" />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("sign_in:setup.email")}
          rules={[{ required: true, type: "email", message: t("sign_in:setup.email_missing") }]}
        >
          <Input autoComplete="username" inputMode="email" />
        </Form.Item>
        <NewPassword />
        <Button type="primary" size="large" htmlType="submit" block loading={busy}>
          {t("sign_in:setup.finish")}
        </Button>
      </Form>
    </section>
  );
}
