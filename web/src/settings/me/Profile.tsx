import { App, Button, Form, Input, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Language } from "@/api/types";
import { languages } from "@/app/i18n";
import { ThemeSwitch } from "@/app/shell/MeMenu";
import { useProblems } from "@/shared/ui/problems";
import styles from "../settings.module.css";

type Values = {
  name: string;
  title: string | null;
  mobile: string | null;
  language: Language;
  time_zone: string;
};

const timeZones: string[] =
  typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];

/** What the person may say about themselves. */
export function Profile() {
  const { t } = useTranslation(["settings", "people", "app"]);
  const { message } = App.useApp();
  const { person, preview } = useMe();
  const problems = useProblems();
  const [form] = Form.useForm<Values>();
  const zones = timeZones.includes(person.time_zone)
    ? timeZones
    : [person.time_zone, ...timeZones].filter(Boolean);
  const save = async (values: Values) => {
    try {
      await api.patch("/me", values);
      await queryClient.invalidateQueries({ queryKey: keys.session });
      message.success(t("settings:saved"));
    } catch (error) {
      const sorted = problems.sort(error, Object.keys(values));
      form.setFields(
        Object.entries(sorted.fields).map(([name, text]) => ({
          name: name as keyof Values,
          errors: [text],
        })),
      );
      if (Object.keys(sorted.fields).length === 0) message.error(problems.text(error));
    }
  };
  return (
    <div className={styles.page}>
      <h2>{t("settings:pages.profile")}</h2>
      <Form<Values>
        form={form}
        layout="vertical"
        className={styles.form}
        disabled={Boolean(preview)}
        initialValues={person}
        onFinish={save}
      >
        <Form.Item
          name="name"
          label={t("people:fields.name")}
          rules={[
            { required: true, message: t("app:form.required", { field: t("people:fields.name") }) },
          ]}
        >
          <Input autoComplete="name" />
        </Form.Item>
        <Form.Item name="title" label={t("people:fields.title")}>
          <Input />
        </Form.Item>
        <Form.Item name="mobile" label={t("people:fields.mobile")}>
          <Input inputMode="tel" autoComplete="tel" />
        </Form.Item>
        <Form.Item label={t("people:fields.email")} extra={t("settings:profile.email_text")}>
          <span>{person.email ?? "—"}</span>
        </Form.Item>
        <Form.Item name="language" label={t("app:language")}>
          <Segmented<Language>
            options={languages.map((language) => ({ value: language.code, label: language.name }))}
          />
        </Form.Item>
        <Form.Item name="time_zone" label={t("people:fields.time_zone")}>
          <Select showSearch options={zones.map((zone) => ({ value: zone, label: zone }))} />
        </Form.Item>
        <Form.Item label={t("app:theme.title")}>
          <ThemeSwitch />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("app:save")}
        </Button>
      </Form>
    </div>
  );
}
