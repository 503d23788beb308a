import { Button, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";
import { DayInput } from "@/shared/fields/DayInput";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useSettingsForm } from "@/shared/ui/useSettingsForm";

type Settings = Schemas["Terms"];

const settingsKey = ["settings", "contracts"] as const;
const names = ["number_pattern", "remind_before_days", "remind_after_days", "closed_until"];
const reminders = ["remind_before_days", "remind_after_days"] as const;
const usual = [0, 1, 3, 7, 14, 30, 60, 90].map((days) => ({ value: days, label: String(days) }));

/** Numbers of contracts, when their owners are reminded, and until when the books are closed. */
export function Terms() {
  const { t } = useTranslation(["contracts", "app", "settings"]);
  const { settings, isBusy, props } = useSettingsForm<Settings>(
    "/settings/contracts",
    settingsKey,
    names,
  );
  if (settings.isError) {
    return <ErrorNotice error={settings.error} retry={() => settings.refetch()} />;
  }
  if (!settings.data) return <Bar />;
  return (
    <div style={{ display: "grid", gap: "var(--space-5)", maxWidth: 640 }}>
      <h2 style={{ fontSize: "var(--font-l)" }}>{t("settings:pages.contract_terms")}</h2>
      <Form {...props}>
        <Form.Item
          name="number_pattern"
          label={t("contracts:terms.number_pattern")}
          extra={t("contracts:terms.number_text")}
        >
          <Input style={{ maxWidth: 320 }} />
        </Form.Item>
        {reminders.map((name) => (
          <Form.Item key={name} name={name} label={t(`contracts:terms.${name}`)}>
            <Select mode="multiple" options={usual} style={{ maxWidth: 320 }} />
          </Form.Item>
        ))}
        <Form.Item
          name="closed_until"
          label={t("contracts:terms.closed_until")}
          extra={t("contracts:terms.closed_text")}
        >
          <DayInput />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("app:save")}
        </Button>
      </Form>
    </div>
  );
}
