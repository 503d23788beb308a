import { App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";

export function Company() {
  const { t } = useTranslation(["settings", "app"]);
  const { message } = App.useApp();
  const me = useMe();
  const { attempt, isBusy } = useAttempt();
  const save = (values: { company_name: string }) =>
    attempt(async () => {
      await api.patch("/settings", values);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.session }),
        queryClient.invalidateQueries({ queryKey: keys.meta }),
      ]);
      message.success(t("settings:saved"));
    });
  return (
    <div className={styles.page}>
      <h2>{t("settings:pages.company")}</h2>
      <Form
        layout="vertical"
        className={styles.form}
        initialValues={{ company_name: me.company_name }}
        onFinish={save}
      >
        <Form.Item
          name="company_name"
          label={t("settings:company.name")}
          rules={[{ required: true, message: t("settings:company.name_missing") }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          label={t("settings:company.currency")}
          extra={t("settings:company.currency_text")}
        >
          <span>{me.currency}</span>
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isBusy} disabled={Boolean(me.preview)}>
          {t("app:save")}
        </Button>
      </Form>
    </div>
  );
}
