import { App, Button, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh, useMe, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Schemas, Total } from "@/api/types";
import { FieldInput } from "@/shared/fields/FieldInput";
import { useFormat } from "@/shared/format/useFormat";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { useNames } from "../names";
import styles from "./list.module.css";

type Props = {
  resource: string;
  selected: ReadonlySet<string>;
  total: Total;
  filter: Filter | null;
  /** Whether everything that the list finds may be taken, not only this page. */
  canTakeAll: boolean;
  clear: () => void;
};

/** What can be done with several records at once; everything can be taken back. */
export function BulkBar({ resource, selected, total, filter, canTakeAll, clear }: Props) {
  const { t } = useTranslation("app");
  const { modal, message } = App.useApp();
  const format = useFormat();
  const problems = useProblems();
  const undo = useUndo();
  const me = useMe();
  const actions = useResource(resource)?.actions ?? [];
  const [everything, setEverything] = useState(false);
  const [isEditing, setIsEditing] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const takesAll = everything && canTakeAll;
  const shown = takesAll
    ? `${format.number(total.count)}${total.exact ? "" : "+"}`
    : format.number(selected.size);

  const run = async (action: "edit" | "delete", changes?: Record<string, unknown>) => {
    setIsBusy(true);
    try {
      const which = takesAll ? { filter: filter ?? { and: [] } } : { ids: [...selected] };
      const { data, batch } = await api.post<Schemas["BulkAnswer"]>(`/${resource}/bulk`, {
        ...which,
        action,
        changes,
      });
      refresh(resource);
      setIsEditing(false);
      clear();
      if (data.changed > 0) {
        const text = t(action === "delete" ? "app:bulk.deleted" : "app:bulk.changed", {
          count: data.changed,
        });
        undo(text, data.batch ?? batch);
      }
      if (data.refused.length > 0) {
        modal.warning({
          title: t("app:bulk.refused", { count: data.refused.length }),
          content: (
            <ul className={styles.refused}>
              {data.refused.slice(0, 50).map((entry) => (
                <li key={entry.id}>
                  <strong>{entry.label}</strong> {entry.message}
                </li>
              ))}
            </ul>
          ),
        });
      }
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className={styles.bulk} aria-label={t("app:bulk.title")}>
      <span>{t("app:bulk.selected", { shown })}</span>
      {canTakeAll && !takesAll && (total.count > selected.size || !total.exact) ? (
        <Button type="link" size="small" onClick={() => setEverything(true)}>
          {t("app:bulk.take_all", {
            total: `${format.number(total.count)}${total.exact ? "" : "+"}`,
          })}
        </Button>
      ) : null}
      {actions.includes("edit") && !me.preview ? (
        <Button size="small" onClick={() => setIsEditing(true)}>
          {t("app:bulk.edit")}
        </Button>
      ) : null}
      {actions.includes("delete") && !me.preview ? (
        <Button size="small" danger loading={isBusy} onClick={() => run("delete")}>
          {t("app:delete")}
        </Button>
      ) : null}
      <Button size="small" type="text" onClick={clear}>
        {t("app:bulk.clear")}
      </Button>
      <Modal
        open={isEditing}
        title={t("app:bulk.edit_title", { shown })}
        footer={null}
        destroyOnHidden
        onCancel={() => setIsEditing(false)}
      >
        <BulkEdit resource={resource} isBusy={isBusy} save={(changes) => run("edit", changes)} />
      </Modal>
    </section>
  );
}

function BulkEdit({
  resource,
  isBusy,
  save,
}: {
  resource: string;
  isBusy: boolean;
  save: (changes: Record<string, unknown>) => void;
}) {
  const { t } = useTranslation("app");
  const names = useNames();
  const fields = (useResource(resource)?.fields ?? []).filter(
    (field) => !field.read_only && !field.unique,
  );
  const [name, setName] = useState<string>();
  const [value, setValue] = useState<unknown>(null);
  const field = fields.find((entry) => entry.name === name);
  return (
    <Form layout="vertical" onFinish={() => field && save({ [field.name]: value })}>
      <Form.Item label={t("app:bulk.field")} htmlFor="bulk-field">
        <Select
          id="bulk-field"
          autoFocus
          value={name}
          placeholder={t("app:choose")}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(next) => {
            setName(next);
            setValue(null);
          }}
          options={fields.map((entry) => ({
            value: entry.name,
            label: names.field(resource, entry),
          }))}
        />
      </Form.Item>
      {field ? (
        <Form.Item
          label={t("app:bulk.value")}
          htmlFor="bulk-value"
          extra={t("app:bulk.value_hint")}
        >
          <FieldInput
            key={field.name}
            id="bulk-value"
            resource={resource}
            field={field}
            value={value}
            onChange={setValue}
          />
        </Form.Item>
      ) : null}
      <Button type="primary" htmlType="submit" disabled={!field} loading={isBusy}>
        {t("app:bulk.apply")}
      </Button>
    </Form>
  );
}
