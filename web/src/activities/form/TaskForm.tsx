import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useResource } from "@/api/queries";
import type { FilterLeaf } from "@/api/types";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useFormat } from "@/shared/format/useFormat";
import { changesOf } from "@/shared/resource/save";
import { Chips } from "@/shared/ui/Chips";
import { DayChips } from "@/shared/ui/DayChips";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import styles from "../activities.module.css";
import { useKinds } from "../kinds";
import { type CheckItem, ChecklistEditor } from "../tasks/Checklist";
import type { Scope } from "../writes";
import { RepeatField, repeatMember } from "./RepeatField";
import { firstDay, type Repeat } from "./repeat";
import { ScopeInput } from "./ScopeInput";
import { type FormProps, idOf, idsOf, textOf } from "./start";
import { useSend } from "./useSend";
import { draftName, useValues } from "./useValues";

type Task = {
  subject: string;
  due_on: string | null;
  priority: "high" | "normal" | "low";
  owner_id: string;
  customer_id: string | null;
  opportunity_id: string | null;
  contact_ids: string[];
  purpose: string;
  checklist: CheckItem[];
  /** Undefined as long as it repeats as before. */
  repeat?: Repeat | null;
};

/** Something to be done, by oneself or by somebody else. */
export function TaskForm({ row, initial, onDone, close }: FormProps) {
  const { t } = useTranslation(["activities", "app"]);
  const format = useFormat();
  const me = useMe();
  const kinds = useKinds();
  const mayGive = useResource("people") !== undefined;
  const from = { ...initial, ...row };
  const { values, set, forget } = useValues<Task>(draftName("task", row, initial?.customer_id), {
    subject: textOf(from.subject),
    due_on: row ? idOf(row.due_on) : (idOf(initial?.due_on) ?? format.today),
    priority: (from.priority as Task["priority"] | undefined) ?? "normal",
    owner_id: idOf(from.owner_id) ?? me.person.id,
    customer_id: idOf(from.customer_id),
    opportunity_id: idOf(from.opportunity_id),
    contact_ids: idsOf(from.contact_ids),
    purpose: textOf(from.purpose),
    checklist: (from.checklist as CheckItem[] | null | undefined) ?? [],
  });
  const [wrong, setWrong] = useState<string>();
  const [scope, setScope] = useState<Scope>("this");
  const { send, isBusy, errors, general } = useSend({ onDone, forget });
  const kind = kinds?.find((entry) => entry.is_active && entry.family === "task");

  const submit = () => {
    if (!values.subject.trim()) return setWrong(t("activities:task.subject_missing"));
    const { repeat, ...plain } = values;
    const due_on = values.due_on && firstDay(repeat ?? null, values.due_on);
    const repeats = due_on ? repeatMember(repeat, due_on, row) : {};
    const all: Record<string, unknown> = {
      ...plain,
      due_on,
      subject: values.subject.trim(),
      purpose: values.purpose.trim() || null,
      checklist: values.checklist.filter((item) => item.text.trim()),
    };
    if (row) {
      const changes = Object.entries(changesOf(all, row)).filter(
        ([name, value]) => !(Array.isArray(value) && value.length === 0 && !row[name]),
      );
      const reach = row.series_id && repeat === undefined ? { scope } : repeats;
      return send({ kind: "change", row, changes: { ...Object.fromEntries(changes), ...reach } });
    }
    const giver_id = values.owner_id === me.person.id ? null : me.person.id;
    const kind_id = idOf(initial?.kind_id) ?? kind?.id;
    const given = Object.entries({ ...all, kind_id, giver_id }).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    );
    send({
      kind: "add",
      values: { ...Object.fromEntries(given), ...repeats },
      name: values.subject,
    });
  };
  const atCustomer: FilterLeaf = { field: "customer_id", op: "in", value: [values.customer_id] };
  return (
    <DialogFrame
      title={t(row ? "activities:task.edit" : "activities:task.title")}
      close={close}
      onSubmit={submit}
      footer={
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t(values.owner_id === me.person.id || row ? "app:save" : "activities:task.give")}
        </Button>
      }
    >
      {general ? <Alert type="error" showIcon role="alert" title={general} /> : null}
      <Labelled error={wrong ?? errors.subject}>
        <Input
          autoFocus
          size="large"
          value={values.subject}
          maxLength={200}
          aria-label={t("activities:task.subject")}
          placeholder={t("activities:task.subject")}
          onChange={(event) => {
            setWrong(undefined);
            set({ subject: event.target.value });
          }}
        />
      </Labelled>
      <Labelled label={t("activities:fields.due_on")} error={errors.due_on}>
        <DayChips
          label={t("activities:fields.due_on")}
          value={values.due_on}
          offsets={[0, 1, 3, 7]}
          canClear
          onChange={(due_on) => set({ due_on })}
        />
      </Labelled>
      {values.due_on ? (
        <RepeatField
          row={row}
          value={values.repeat}
          day={values.due_on}
          error={errors.repeat}
          onChange={(repeat) => set({ repeat })}
        />
      ) : null}
      <Labelled label={t("activities:fields.priority")}>
        <Chips
          label={t("activities:fields.priority")}
          value={values.priority}
          onChange={(priority) => priority && set({ priority })}
          options={(["high", "normal", "low"] as const).map((priority) => ({
            value: priority,
            label: t(`activities:choices.priority.${priority}`),
          }))}
        />
      </Labelled>
      {mayGive ? (
        <Labelled label={t("activities:task.owner")} error={errors.owner_id}>
          <ReferenceInput
            resource="people"
            aria-label={t("activities:task.owner")}
            value={values.owner_id}
            onChange={(owner_id) => set({ owner_id: owner_id ?? me.person.id })}
          />
        </Labelled>
      ) : null}
      <Labelled label={t("activities:fields.customer_id")} error={errors.customer_id}>
        <ReferenceInput
          resource="customers"
          aria-label={t("activities:fields.customer_id")}
          value={values.customer_id}
          onChange={(customer_id) => set({ customer_id, opportunity_id: null, contact_ids: [] })}
        />
      </Labelled>
      {values.customer_id ? (
        <Labelled label={t("activities:fields.opportunity_id")} error={errors.opportunity_id}>
          <ReferenceInput
            resource="opportunities"
            filter={atCustomer}
            aria-label={t("activities:fields.opportunity_id")}
            value={values.opportunity_id}
            onChange={(opportunity_id) => set({ opportunity_id })}
          />
        </Labelled>
      ) : null}
      <Labelled label={t("activities:fields.checklist")}>
        <ChecklistEditor value={values.checklist} onChange={(checklist) => set({ checklist })} />
      </Labelled>
      <Labelled label={t("activities:task.note")} error={errors.purpose}>
        <Input.TextArea
          value={values.purpose}
          autoSize={{ minRows: 2, maxRows: 8 }}
          aria-label={t("activities:task.note")}
          onChange={(event) => set({ purpose: event.target.value })}
        />
      </Labelled>
      {row?.series_id && values.repeat === undefined ? (
        <ScopeInput value={scope} onChange={setScope} />
      ) : null}
      {row?.giver_id && row.giver_id !== row.owner_id ? (
        <p className={styles.soft}>
          {t("activities:task.given_by", { name: row.labels?.[String(row.giver_id)] ?? "" })}
        </p>
      ) : null}
    </DialogFrame>
  );
}
