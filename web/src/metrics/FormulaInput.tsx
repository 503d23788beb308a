import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { periodName } from "@/dashboard/period";
import { useFigureText } from "@/dashboard/useFigureText";
import { useMetrics } from "@/dashboard/useMetrics";
import type { OwnInputProps } from "@/shared/features";
import { useSettled } from "@/shared/fields/ReferenceInput";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import styles from "./metrics.module.css";

type Checked = Schemas["CheckedFormula"];

/** Long enough that half a name is not called wrong while it is typed. */
const pause_ms = 400;

/** A formula over other metrics; below stands what is wrong with it, or what it came to in the last months. */
export function FormulaInput({ id, value, onChange, values, row }: OwnInputProps) {
  const { t } = useTranslation("metrics");
  const { all } = useMetrics();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = typeof value === "string" ? value : "";
  // What is counted from records has no formula, and gets none.
  if (row?.is_standard && !row.formula) {
    return <p className={styles.soft}>{t("metrics:formula.from_records")}</p>;
  }
  const insert = (code: string) => {
    const at = area.current?.selectionStart ?? text.length;
    const named = `metrics.${code}`;
    onChange?.(text.slice(0, at) + named + text.slice(at));
    area.current?.focus();
  };
  const others = all.filter((entry) => entry.isActive && entry.code !== row?.code);
  return (
    <div className={styles.formula}>
      <Input.TextArea
        id={id}
        ref={(input) => {
          area.current = input?.resizableTextArea?.textArea ?? null;
        }}
        className={styles.code}
        value={text}
        onChange={(event) => onChange?.(event.target.value)}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={4000}
        spellCheck={false}
        placeholder="metrics.visits / lag('customers_target', 1)"
      />
      <Select
        className={styles.insert}
        value={null}
        placeholder={t("metrics:formula.insert")}
        aria-label={t("metrics:formula.insert")}
        showSearch={{ optionFilterProp: "search" }}
        options={others.map((entry) => ({
          value: entry.code,
          label: entry.name,
          search: `${entry.name} ${entry.code}`,
        }))}
        onSelect={(code: string | null) => {
          if (code) insert(code);
        }}
      />
      <Preview
        code={values.code ? String(values.code) : undefined}
        unit={values.unit ? String(values.unit) : "number"}
        formula={text}
      />
    </div>
  );
}

type Tried = { code: string | undefined; unit: string; formula: string };

/** What the server says of a formula that is not saved yet, within the person's scope. */
function Preview({ code, unit, formula }: Tried) {
  const { t, i18n } = useTranslation(["metrics", "dashboard"]);
  const figures = useFigureText();
  const settled = useSettled(formula.trim(), pause_ms);
  const checked = useQuery({
    queryKey: [...keys.lists("metrics"), "check", code, unit, settled],
    queryFn: async () =>
      (await api.post<Checked>("/metrics/check", { code, unit, formula: settled })).data,
    placeholderData: keepPreviousData,
    enabled: settled !== "",
    staleTime: 60_000,
  });
  if (settled === "") return <p className={styles.soft}>{t("metrics:formula.hint")}</p>;
  if (!checked.data) return <p className={styles.soft}>{t("metrics:formula.trying")}</p>;
  const { problem, inputs, preview } = checked.data;
  if (problem) {
    const letters = [...settled];
    return (
      <div className={styles.problem} role="alert">
        <p>{problem.message}</p>
        <code>
          {letters.slice(0, problem.from).join("")}
          <mark>{letters.slice(problem.from, problem.to).join("")}</mark>
          {letters.slice(problem.to).join("")}
        </code>
      </div>
    );
  }
  return (
    <output className={styles.preview}>
      <p>
        {t("metrics:formula.reads", {
          names: inputs
            .map((input) =>
              input.lag > 0
                ? t("metrics:formula.lagged", { name: input.name, lag: input.lag })
                : input.name,
            )
            .join(t("metrics:formula.and")),
        })}
      </p>
      <ScrollBox label={t("metrics:formula.months")}>
        <table>
          <thead>
            <tr>
              {preview.map((month) => (
                <th key={month.period} scope="col">
                  {periodName(month.period, i18n.language, t, true)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              {preview.map((month) => (
                <td key={month.period}>{figures.short(month.value, unit)}</td>
              ))}
            </tr>
          </tbody>
        </table>
      </ScrollBox>
    </output>
  );
}
