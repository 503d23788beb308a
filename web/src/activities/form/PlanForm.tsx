import { Alert, Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Row } from "@/api/types";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useFormat } from "@/shared/format/useFormat";
import { changesOf } from "@/shared/resource/save";
import { ToggleChip } from "@/shared/ui/Chips";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import styles from "../activities.module.css";
import { type Family, useKinds } from "../kinds";
import type { Scope } from "../writes";
import { AtCustomer } from "./AtCustomer";
import { CustomerPick } from "./CustomerPick";
import { KindChips } from "./KindChips";
import { RepeatField, repeatMember } from "./RepeatField";
import { firstDay, type Repeat } from "./repeat";
import { ScopeInput } from "./ScopeInput";
import { SpanInput } from "./SpanInput";
import { type FormProps, idOf, idsOf, textOf } from "./start";
import { instantsOf, planSpan, type Span, spanOf } from "./times";
import { useSend } from "./useSend";
import { draftName, useValues } from "./useValues";

type Plan = {
  kind_id: string | null;
  owner_id: string | null;
  customer_id: string | null;
  opportunity_id: string | null;
  contact_ids: string[];
  participant_ids: string[];
  invite: boolean;
  span: Span | null;
  is_all_day: boolean;
  purpose: string;
  preparation: string;
  reminder_minutes: number | null;
  /** Undefined as long as it repeats as before. */
  repeat?: Repeat | null;
};

const reminders = [0, 10, 30, 60, 1440];

/** Says what is meant to be done: with whom, when, and what for. */
export function PlanForm({ row, initial, onDone, close }: FormProps) {
  const { t } = useTranslation(["activities", "app"]);
  const format = useFormat();
  const me = useMe();
  const kinds = useKinds();
  const from = { ...initial, ...row };
  const startAt = idOf(from.planned_start_at);
  const asked = {
    ...(startAt && !row ? { span: spanOf(startAt, from.planned_end_at, 60, format.timeZone) } : {}),
    ...(initial?.owner_id ? { owner_id: idOf(initial.owner_id) } : {}),
  };
  const name = draftName("plan", row, initial?.customer_id);
  const start = {
    kind_id: idOf(from.kind_id),
    owner_id: idOf(from.owner_id),
    customer_id: idOf(from.customer_id),
    opportunity_id: idOf(from.opportunity_id),
    contact_ids: idsOf(from.contact_ids),
    participant_ids: idsOf(from.participant_ids),
    invite: from.invite === true,
    span: startAt ? spanOf(startAt, from.planned_end_at, 60, format.timeZone) : null,
    is_all_day: from.is_all_day === true,
    purpose: textOf(from.purpose),
    preparation: textOf(from.preparation),
    reminder_minutes: (from.reminder_minutes as number | null | undefined) ?? null,
  };
  const { values, set, forget } = useValues<Plan>(name, start, asked);
  const [scope, setScope] = useState<Scope>("this");
  const [showsMore, setShowsMore] = useState(Boolean(row ?? initial?.owner_id));
  const { send, isBusy, errors, general } = useSend({ onDone, forget });
  const family = textOf(initial?.family) as Family | "";
  const kind =
    kinds?.find((entry) => entry.id === values.kind_id) ??
    kinds?.find((entry) => entry.is_active && entry.family === (family || "visit"));
  const usual = kind?.default_minutes ?? 60;
  const day = idOf(initial?.day) ?? format.today;
  const span = values.span ?? planSpan(day, format.today, usual, format.timeZone);

  const submit = () => {
    const { span: _, repeat, ...plain } = values;
    const first = { ...span, day: firstDay(repeat ?? null, span.day) };
    const { from: planned_start_at, until: planned_end_at } = instantsOf(
      values.is_all_day ? { ...first, start: "00:00", minutes: 1440 } : first,
      format.timeZone,
    );
    const all = {
      ...plain,
      kind_id: kind?.id ?? null,
      purpose: values.purpose.trim() || null,
      preparation: values.preparation.trim() || null,
      planned_start_at,
      planned_end_at,
    };
    if (row) {
      const changes = plannedChanges(all, row);
      // Another rule holds from here on by itself.
      const reach =
        repeat === undefined
          ? row.series_id
            ? { scope }
            : {}
          : repeatMember(repeat, first.day, row);
      return send({ kind: "change", row, changes: { ...changes, ...reach } });
    }
    send({
      kind: "add",
      values: {
        ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
        ...repeatMember(repeat, first.day),
      },
      name: kind?.name ?? "",
    });
  };
  // Whoever may hand things over may also plan for those below them.
  const mayPlanForOthers = row
    ? row.can.includes("transfer")
    : (me.can.activities?.includes("transfer") ?? false);
  return (
    <DialogFrame
      title={
        row
          ? t("activities:plan.edit", { subject: textOf(row.subject) })
          : t("activities:plan.title")
      }
      close={close}
      onSubmit={submit}
      footer={
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t(row ? "app:save" : "activities:plan.save")}
        </Button>
      }
    >
      {general ? <Alert type="error" showIcon role="alert" title={general} /> : null}
      <KindChips
        value={kind?.id ?? null}
        onChange={(kind_id) => set({ kind_id })}
        families={["visit", "return_visit", "call"]}
        except={["task"]}
      />
      <CustomerPick
        value={values.customer_id}
        error={errors.customer_id}
        onChange={(customer_id) => set({ customer_id, opportunity_id: null, contact_ids: [] })}
      />
      <Labelled
        label={t("activities:plan.when")}
        error={errors.planned_start_at ?? errors.planned_end_at}
      >
        <SpanInput
          value={span}
          onChange={(next) => set({ span: next })}
          offsets={[0, 1, 3, 7]}
          isAllDay={values.is_all_day}
        />
      </Labelled>
      <Labelled label={t("activities:fields.purpose")} error={errors.purpose}>
        <Input.TextArea
          value={values.purpose}
          autoSize={{ minRows: 2, maxRows: 6 }}
          aria-label={t("activities:fields.purpose")}
          placeholder={t("activities:plan.purpose")}
          onChange={(event) => set({ purpose: event.target.value })}
        />
      </Labelled>
      {showsMore ? (
        <>
          <AtCustomer values={values} set={set} errors={errors} />
          <Labelled label={t("activities:fields.preparation")} error={errors.preparation}>
            <Input.TextArea
              value={values.preparation}
              autoSize={{ minRows: 1, maxRows: 6 }}
              aria-label={t("activities:fields.preparation")}
              onChange={(event) => set({ preparation: event.target.value })}
            />
          </Labelled>
          <Labelled label={t("activities:fields.participant_ids")} error={errors.participant_ids}>
            <ReferenceInput
              multiple
              resource="people"
              aria-label={t("activities:fields.participant_ids")}
              value={values.participant_ids}
              onChange={(participant_ids) => set({ participant_ids })}
            />
          </Labelled>
          <Labelled hint={t("activities:plan.invite")}>
            <div>
              <ToggleChip checked={values.invite} onChange={(invite) => set({ invite })}>
                {t("activities:fields.invite")}
              </ToggleChip>
            </div>
          </Labelled>
          {mayPlanForOthers ? (
            <Labelled label={t("activities:fields.owner_id")} error={errors.owner_id}>
              <ReferenceInput
                resource="people"
                aria-label={t("activities:fields.owner_id")}
                value={values.owner_id ?? me.person.id}
                onChange={(owner_id) => set({ owner_id: owner_id ?? me.person.id })}
              />
            </Labelled>
          ) : null}
          <Labelled label={t("activities:reminder.title")} error={errors.reminder_minutes}>
            <Select
              allowClear
              aria-label={t("activities:reminder.title")}
              placeholder={t("activities:reminder.none")}
              value={values.reminder_minutes ?? undefined}
              onChange={(next?: number) => set({ reminder_minutes: next ?? null })}
              options={reminders.map((minutes) => ({
                value: minutes,
                label: t(`activities:reminder.m${minutes}`),
              }))}
            />
          </Labelled>
          <RepeatField
            row={row}
            value={values.repeat}
            day={span.day}
            error={errors.repeat}
            onChange={(repeat) => set({ repeat })}
          />
          <div>
            <ToggleChip checked={values.is_all_day} onChange={(is_all_day) => set({ is_all_day })}>
              {t("activities:fields.is_all_day")}
            </ToggleChip>
          </div>
        </>
      ) : (
        <button type="button" className={styles.quiet} onClick={() => setShowsMore(true)}>
          <span>{t("activities:plan.more")}</span>
        </button>
      )}
      {row?.series_id && values.repeat === undefined ? (
        <ScopeInput value={scope} onChange={setScope} />
      ) : null}
    </DialogFrame>
  );
}

/** What differs from the record; the same instant may be written in two ways. */
function plannedChanges(all: Record<string, unknown>, row: Row): Record<string, unknown> {
  const isSameInstant = (name: string) =>
    Date.parse(String(all[name])) === Date.parse(String(row[name]));
  return Object.fromEntries(
    Object.entries(changesOf(all, row)).filter(
      ([name, value]) =>
        !(name.startsWith("planned_") && isSameInstant(name)) &&
        !(Array.isArray(value) && value.length === 0 && !row[name]) &&
        !(value === false && !row[name]),
    ),
  );
}
