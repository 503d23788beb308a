import { PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Form, Input, InputNumber, Modal, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useList, useMe, useResource } from "@/api/queries";
import { newKey } from "@/api/request";
import type { Row } from "@/api/types";
import { useNames } from "@/shared/resource/names";
import { change, create } from "@/shared/resource/save";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { type FieldErrors, useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { sayMinutes } from "../form/SpanInput";
import styles from "./settings.module.css";

type Values = { name: string; name_en: string | null; family: string; default_minutes: number };

const names_of_fields = ["name", "name_en", "family", "default_minutes"];

/** What kinds of activity there are; those that ship can be renamed and put aside, own ones added. */
export function ActivityKinds() {
  const { t } = useTranslation(["activities", "settings", "app"]);
  const me = useMe();
  const names = useNames();
  const undo = useUndo();
  const description = useResource("activity_kinds");
  const list = useList("activity_kinds", { sort: "position", page_size: 200 });
  const [edited, setEdited] = useState<Row | "new">();
  const family = description?.fields.find((field) => field.name === "family");
  const rows = list.data?.rows ?? [];
  const mayAdd = description?.actions.includes("create") && !me.preview;
  const toggle = async (row: Row, is_active: boolean) => {
    const { batch } = await change("activity_kinds", row, { is_active });
    undo(t("app:form.saved", { what: row.name }), batch);
  };
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h2>{t("settings:pages.activity_kinds")}</h2>
        {mayAdd ? (
          <Button icon={<PlusOutlined />} onClick={() => setEdited("new")}>
            {t("app:new_one", { what: t("activity_kinds:one") })}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("activities:settings.kinds_text")}</p>
      {list.isPending ? <Bar /> : null}
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      <ul className={styles.rows}>
        {rows.map((row) => (
          <li key={row.id} className={styles.row} data-off={row.is_active === false || undefined}>
            <span>
              {String(row.name)}
              {row.name_en ? <small> {String(row.name_en)}</small> : null}
            </span>
            <span className={styles.soft}>
              {family ? names.choice("activity_kinds", family, String(row.family)) : ""} ·{" "}
              {sayMinutes(Number(row.default_minutes) || 0, t)}
            </span>
            <Switch
              size="small"
              checked={row.is_active !== false}
              disabled={!row.can.includes("edit") || Boolean(me.preview)}
              aria-label={t("activities:settings.kind_active", { name: row.name })}
              onChange={(next) => toggle(row, next)}
            />
            {row.can.includes("edit") && !me.preview ? (
              <Button size="small" onClick={() => setEdited(row)}>
                {t("app:edit")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {edited ? (
        <KindDialog
          row={edited === "new" ? undefined : edited}
          position={rows.length}
          close={() => setEdited(undefined)}
        />
      ) : null}
    </div>
  );
}

function KindDialog({
  row,
  position,
  close,
}: {
  row: Row | undefined;
  position: number;
  close: () => void;
}) {
  const { t } = useTranslation(["activities", "app"]);
  const names = useNames();
  const problems = useProblems();
  const undo = useUndo();
  const fields = useResource("activity_kinds")?.fields ?? [];
  const [form] = Form.useForm<Values>();
  const [isBusy, setIsBusy] = useState(false);
  const [wrong, setWrong] = useState<FieldErrors>();
  const family = fields.find((field) => field.name === "family");
  // The kinds that ship are known to the figures by their family.
  const isShipped = row?.is_shipped === true || row?.is_built_in === true;
  const save = async (values: Values) => {
    setIsBusy(true);
    try {
      const { batch } = row
        ? await change("activity_kinds", row, values)
        : await create(
            "activity_kinds",
            { ...values, code: `own_${newKey().slice(0, 8)}`, position },
            newKey(),
          );
      undo(t("app:form.saved", { what: values.name }), batch);
      close();
    } catch (error) {
      setIsBusy(false);
      const sorted = problems.sort(error, names_of_fields);
      const isSaid = Object.keys(sorted.fields).length > 0 || sorted.others.length > 0;
      setWrong(isSaid ? sorted : { fields: {}, others: [problems.text(error)] });
    }
  };
  const item = (name: string) => ({
    name,
    label: t(`activity_kinds:fields.${name}`),
    validateStatus: wrong?.fields[name] ? ("error" as const) : undefined,
    help: wrong?.fields[name],
  });
  return (
    <Modal
      open
      title={
        row
          ? t("app:form.edit", { what: row.name })
          : t("app:new_one", { what: t("activity_kinds:one") })
      }
      okText={t("app:save")}
      cancelText={t("app:cancel")}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={save}
        onValuesChange={() => setWrong(undefined)}
        initialValues={{
          name: row?.name ?? "",
          name_en: row?.name_en ?? null,
          family: row?.family ?? "visit",
          default_minutes: row?.default_minutes ?? 60,
        }}
      >
        {wrong?.others.length ? (
          <Alert type="error" showIcon role="alert" title={wrong.others.join(" ")} />
        ) : null}
        <Form.Item
          {...item("name")}
          rules={[
            {
              required: true,
              message: t("app:form.required", { field: t("activity_kinds:fields.name") }),
            },
          ]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item {...item("name_en")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item {...item("family")}>
          <Select
            disabled={isShipped}
            options={(family?.choices ?? []).map((choice) => ({
              value: choice.code,
              label: family ? names.choice("activity_kinds", family, choice.code) : choice.code,
            }))}
          />
        </Form.Item>
        <Form.Item {...item("default_minutes")}>
          <InputNumber min={5} max={1440} step={5} precision={0} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
