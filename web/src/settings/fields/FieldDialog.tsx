import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Form, Input, Modal, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import type { Choice, Translated } from "@/api/types";
import { useProblems } from "@/shared/ui/problems";
import { type CustomField, hasChoices, refreshFields, types } from "./customFields";
import styles from "./fields.module.css";

type Values = {
  resource: string;
  label: Translated;
  type: string;
  required: boolean;
  choices: { code?: string; label: Translated }[];
};

type Props = { field: CustomField | undefined; resources: string[]; close: () => void };

/** Adds a field, or changes what may change of one: its names, its choices, whether it must be filled. */
export function FieldDialog({ field, resources, close }: Props) {
  const { t } = useTranslation(["settings", "app"]);
  const problems = useProblems();
  const [form] = Form.useForm<Values>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const type = Form.useWatch("type", form) ?? field?.type ?? "text";
  const save = async (values: Values) => {
    setIsBusy(true);
    setError(undefined);
    const { label, required } = values;
    const choices = hasChoices(type) ? (values.choices ?? []) : undefined;
    try {
      if (field) {
        await api.patch(`/custom-fields/${field.id}`, { label, required, choices }, field.version);
      } else {
        await api.post("/custom-fields", {
          resource: values.resource,
          type: values.type,
          label,
          required,
          ...(choices ? { choices } : {}),
        });
      }
      await refreshFields();
      close();
    } catch (caught) {
      const sorted = problems.sort(caught, []);
      setError([problems.text(caught), ...sorted.others].join(" "));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(field ? "settings:fields.edit" : "settings:fields.add")}
      okText={t("app:save")}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        onFinish={save}
        initialValues={{
          resource: field?.resource ?? resources[0],
          type: field?.type ?? "text",
          label: field?.label ?? {},
          required: field?.required ?? false,
          choices: field?.choices.map((choice: Choice) => ({
            code: choice.code,
            label: choice.label ?? {},
          })) ?? [{ label: {} }, { label: {} }],
        }}
      >
        {error ? <Alert type="error" showIcon role="alert" title={error} /> : null}
        <div className={styles.pair}>
          <Form.Item name="resource" label={t("settings:fields.resource")}>
            <Select
              disabled={field !== undefined}
              options={resources.map((resource) => ({
                value: resource,
                label: t(`${resource}:title`),
              }))}
            />
          </Form.Item>
          <Form.Item name="type" label={t("settings:fields.type")}>
            <Select
              disabled={field !== undefined}
              options={types.map((entry) => ({
                value: entry,
                label: t(`settings:fields.types.${entry}`),
              }))}
            />
          </Form.Item>
        </div>
        <div className={styles.pair}>
          <Form.Item
            name={["label", "zh-CN"]}
            label={t("settings:fields.name_zh")}
            dependencies={[["label", "en"]]}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, value) =>
                  value || getFieldValue(["label", "en"])
                    ? Promise.resolve()
                    : Promise.reject(new Error(t("settings:fields.name_missing"))),
              }),
            ]}
          >
            <Input autoFocus maxLength={60} />
          </Form.Item>
          <Form.Item name={["label", "en"]} label={t("settings:fields.name_en")}>
            <Input maxLength={60} />
          </Form.Item>
        </div>
        {hasChoices(type) ? (
          <Form.List name="choices">
            {(items, { add, remove }) => (
              <fieldset className={styles.choices}>
                <legend>{t("settings:fields.choices")}</legend>
                {items.map((item) => (
                  <div key={item.key} className={styles.choice}>
                    <Form.Item name={[item.name, "label", "zh-CN"]} noStyle>
                      <Input
                        placeholder={t("settings:fields.name_zh")}
                        aria-label={t("settings:fields.name_zh")}
                      />
                    </Form.Item>
                    <Form.Item name={[item.name, "label", "en"]} noStyle>
                      <Input
                        placeholder={t("settings:fields.name_en")}
                        aria-label={t("settings:fields.name_en")}
                      />
                    </Form.Item>
                    <Button
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={t("settings:fields.remove_choice")}
                      onClick={() => remove(item.name)}
                    />
                  </div>
                ))}
                <Button
                  size="small"
                  type="text"
                  icon={<PlusOutlined />}
                  onClick={() => add({ label: {} })}
                >
                  {t("settings:fields.add_choice")}
                </Button>
              </fieldset>
            )}
          </Form.List>
        ) : null}
        <Form.Item
          name="required"
          label={t("settings:fields.required")}
          valuePropName="checked"
          layout="horizontal"
        >
          <Switch size="small" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
