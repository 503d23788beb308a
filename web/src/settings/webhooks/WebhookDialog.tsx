import { Alert, Form, Input, Modal, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "@/api/queries";
import { api } from "@/api/request";
import { change, changesOf } from "@/shared/resource/save";
import { useProblems } from "@/shared/ui/problems";
import { EventsInput } from "./EventsInput";
import type { Webhook } from "./webhooks";

type Values = Pick<Webhook, "name" | "url" | "events" | "is_active">;
type Props = {
  webhook: Webhook | undefined;
  close: () => void;
  /** Told of the secret of a new webhook, which is answered this once. */
  onMade: (webhook: Webhook, secret: string) => void;
};

const fields = ["name", "url", "events"] as const;

/** Makes a webhook, or changes one. */
export function WebhookDialog({ webhook, close, onMade }: Props) {
  const { t } = useTranslation(["webhooks", "app"]);
  const problems = useProblems();
  const [form] = Form.useForm<Values>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const save = async (values: Values) => {
    setIsBusy(true);
    setError(undefined);
    try {
      if (webhook) {
        await change("webhooks", webhook, changesOf(values, webhook));
        close();
      } else {
        const { data } = await api.post<Webhook & { secret: string }>("/webhooks", values);
        refresh("webhooks");
        close();
        onMade(data, data.secret);
      }
    } catch (caught) {
      const sorted = problems.sort(caught, fields);
      form.setFields(
        fields
          .filter((name) => sorted.fields[name])
          .map((name) => ({ name, errors: [sorted.fields[name] ?? ""] })),
      );
      const isAtFields = Object.keys(sorted.fields).length > 0 && sorted.others.length === 0;
      setError(isAtFields ? undefined : [problems.text(caught), ...sorted.others].join(" "));
    } finally {
      setIsBusy(false);
    }
  };
  const missing = (text: string) => [{ required: true, message: text }];
  return (
    <Modal
      open
      title={t(webhook ? "webhooks:edit" : "webhooks:add")}
      okText={t(webhook ? "app:save" : "app:create")}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        onFinish={save}
        initialValues={webhook ?? { is_active: true, events: [] }}
      >
        {error ? <Alert type="error" showIcon role="alert" title={error} /> : null}
        <Form.Item
          name="name"
          label={t("webhooks:fields.name")}
          rules={missing(t("webhooks:name_missing"))}
        >
          <Input autoFocus maxLength={400} placeholder={t("webhooks:name_example")} />
        </Form.Item>
        <Form.Item
          name="url"
          label={t("webhooks:fields.url")}
          rules={missing(t("webhooks:url_missing"))}
        >
          <Input type="url" maxLength={2000} placeholder="https://erp.example.com/hooks" />
        </Form.Item>
        <Form.Item
          name="is_active"
          label={t("webhooks:fields.is_active")}
          valuePropName="checked"
          layout="horizontal"
        >
          <Switch size="small" />
        </Form.Item>
        <Form.Item
          name="events"
          label={t("webhooks:fields.events")}
          rules={missing(t("webhooks:events_missing"))}
        >
          <EventsInput />
        </Form.Item>
      </Form>
    </Modal>
  );
}
