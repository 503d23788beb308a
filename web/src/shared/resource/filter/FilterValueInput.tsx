import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import type { Field } from "@/api/types";
import { CodeInput } from "@/shared/fields/CodeInput";
import { DayInput } from "@/shared/fields/DayInput";
import { isMoney, MoneyInput } from "@/shared/fields/MoneyInput";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useNames } from "../names";
import styles from "./filter.module.css";
import { spans } from "./operators";

type Props = {
  resource: string;
  field: Field;
  op: string;
  value: unknown;
  onChange: (value: unknown) => void;
};

/** The value of one condition, by the field's type and the operator. */
export function FilterValueInput({ resource, field, op, value, onChange }: Props) {
  const { t } = useTranslation("app");
  const names = useNames();
  if (op === "empty" || op === "not_empty") return null;
  if (op === "during") return <SpanInput value={value as string | undefined} onChange={onChange} />;
  if (op === "between") {
    const ends = (Array.isArray(value) ? value : [undefined, undefined]) as unknown[];
    return (
      <span className={styles.between}>
        <OneValue field={field} value={ends[0]} onChange={(end) => onChange([end, ends[1]])} />
        <span>–</span>
        <OneValue field={field} value={ends[1]} onChange={(end) => onChange([ends[0], end])} />
      </span>
    );
  }
  const list = Array.isArray(value) ? (value as string[]) : [];
  switch (field.type) {
    case "choice":
    case "multi_choice":
      return (
        <Select
          mode="multiple"
          className={styles.grow}
          aria-label={t("app:filter.value")}
          placeholder={t("app:choose")}
          value={list}
          onChange={onChange}
          showSearch={{ optionFilterProp: "label" }}
          options={(field.choices ?? []).map((choice) => ({
            value: choice.code,
            label: names.choice(resource, field, choice.code),
          }))}
        />
      );
    case "references":
      return (
        <ReferenceInput
          multiple
          resource={field.reference ?? ""}
          value={list}
          onChange={onChange}
        />
      );
    case "tags":
      return (
        <Select
          mode="tags"
          className={styles.grow}
          aria-label={t("app:filter.value")}
          open={false}
          value={list}
          onChange={onChange}
        />
      );
    case "reference":
      return (
        <ReferenceInput
          multiple
          words
          resource={field.reference ?? ""}
          value={list}
          onChange={onChange}
          aria-label={t("app:filter.value")}
        />
      );
    case "region":
    case "industry":
      return <CodeInput multiple type={field.type} value={list} onChange={onChange} />;
    case "bool":
      return (
        <Select
          className={styles.grow}
          aria-label={t("app:filter.value")}
          value={value as boolean | undefined}
          onChange={onChange}
          options={[
            { value: true, label: t("app:yes") },
            { value: false, label: t("app:no") },
          ]}
        />
      );
    default:
      return <OneValue field={field} value={value} onChange={onChange} />;
  }
}

function OneValue({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation("app");
  const { currency } = useMeta();
  switch (field.type) {
    case "money":
      return (
        <MoneyInput
          value={typeof value === "number" ? { amount_minor: value, currency } : null}
          onChange={(money) => onChange(isMoney(money) ? money.amount_minor : undefined)}
        />
      );
    case "integer":
    case "number":
      return (
        <InputNumber
          className={styles.grow}
          aria-label={t("app:filter.value")}
          value={value as number | undefined}
          onChange={onChange}
        />
      );
    case "day":
    case "instant":
      return (
        <DayInput
          aria-label={t("app:filter.value")}
          value={value as string | undefined}
          onChange={onChange}
        />
      );
    default:
      return (
        <Input
          className={styles.grow}
          aria-label={t("app:filter.value")}
          value={(value as string | undefined) ?? ""}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** A span relative to today; "last N days" carries its number as `last_n_days:30`. */
function SpanInput({ value, onChange }: { value?: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("app");
  const [word, days] = (value ?? "").split(":");
  const counted = word === "last_n_days" || word === "next_n_days";
  return (
    <span className={styles.between}>
      <Select
        className={styles.grow}
        aria-label={t("app:filter.value")}
        placeholder={t("app:choose")}
        value={word || undefined}
        onChange={(next) => onChange(next.endsWith("_n_days") ? `${next}:${days || 30}` : next)}
        options={[...spans, "last_n_days", "next_n_days"].map((span) => ({
          value: span,
          label: t(`app:spans.${span}`, { days: days || "N" }),
        }))}
      />
      {counted ? (
        <InputNumber
          min={1}
          max={3650}
          aria-label={t("app:filter.days")}
          value={Number(days) || 30}
          onChange={(next) => onChange(`${word}:${next ?? 30}`)}
        />
      ) : null}
    </span>
  );
}
