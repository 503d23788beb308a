import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Segmented, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Column, ColumnMapping, Target } from "../api";
import styles from "../imports.module.css";
import { useTargetNames } from "../useTargetNames";

type Props = {
  resource: string;
  column: Column;
  target: Target;
  mapped: ColumnMapping;
  onChange: (mapped: ColumnMapping) => void;
};

/** How the cells of a column are read: by what references are found, order of dates, unit, words, default. */
export function ColumnOptions({ resource, column, target, mapped, onChange }: Props) {
  const { t } = useTranslation("import_wizard");
  const set = (change: Partial<ColumnMapping>) => onChange({ ...mapped, ...change });
  const isDay = target.type === "day" || target.type === "instant";
  const isFigure = ["money", "number", "integer"].includes(target.type);
  return (
    <div className={styles.options}>
      {target.reference && (target.matches?.length ?? 0) > 0 ? (
        <div>
          <span>{t("import_wizard:options.match")}</span>
          <Select
            value={mapped.match ?? ""}
            aria-label={t("import_wizard:options.match")}
            onChange={(match) => set({ match: match || undefined })}
            options={[
              { value: "", label: t("import_wizard:options.any") },
              ...(target.matches ?? []).map((match) => ({
                value: match,
                label: t(`import_wizard:matches.${match}`),
              })),
            ]}
          />
        </div>
      ) : null}
      {target.reference ? (
        <div>
          <span>{t("import_wizard:options.create_missing")}</span>
          <Switch
            size="small"
            checked={mapped.create_missing === true}
            aria-label={t("import_wizard:options.create_missing")}
            onChange={(create_missing) => set({ create_missing: create_missing || undefined })}
          />
        </div>
      ) : null}
      {isDay ? (
        <div>
          <span>{t("import_wizard:options.order")}</span>
          <Select<"" | "ymd" | "mdy" | "dmy">
            value={mapped.format ?? ""}
            aria-label={t("import_wizard:options.order")}
            onChange={(format) => set({ format: format || undefined })}
            options={[
              { value: "", label: t("import_wizard:orders.auto") },
              { value: "ymd", label: t("import_wizard:orders.ymd") },
              { value: "mdy", label: t("import_wizard:orders.mdy") },
              { value: "dmy", label: t("import_wizard:orders.dmy") },
            ]}
          />
        </div>
      ) : null}
      {isFigure ? (
        <div>
          <span>{t("import_wizard:options.unit")}</span>
          <Segmented<number>
            size="small"
            value={mapped.unit ?? 1}
            onChange={(unit) => set({ unit: unit === 1 ? undefined : unit })}
            options={[
              { value: 1, label: t("import_wizard:options.one") },
              { value: 10_000, label: t("import_wizard:options.wan") },
            ]}
          />
        </div>
      ) : null}
      <div>
        <span>{t("import_wizard:options.default")}</span>
        <Meaning
          resource={resource}
          target={target}
          value={mapped.default ?? ""}
          label={t("import_wizard:options.default")}
          onChange={(value) => set({ default: value || undefined })}
        />
      </div>
      <Words
        resource={resource}
        column={column}
        target={target}
        values={mapped.values ?? {}}
        onChange={(values) => set({ values: Object.keys(values).length > 0 ? values : undefined })}
      />
    </div>
  );
}

/** What a cell may mean: one of the choices, or a word. */
export function Meaning({
  resource,
  target,
  value,
  label,
  onChange,
}: {
  resource: string;
  target: Target;
  value: string;
  label: string;
  onChange: (value: string) => void;
}) {
  const names = useTargetNames(resource);
  if ((target.choices?.length ?? 0) > 0) {
    return (
      <Select
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        value={value || undefined}
        aria-label={label}
        placeholder={label}
        onChange={(next) => onChange(next ?? "")}
        options={(target.choices ?? []).map((code) => ({
          value: code,
          label: names.choice(target.field, code),
        }))}
      />
    );
  }
  return (
    <Input
      value={value}
      aria-label={label}
      placeholder={label}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Words({
  resource,
  column,
  target,
  values,
  onChange,
}: {
  resource: string;
  column: Column;
  target: Target;
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}) {
  const { t } = useTranslation("import_wizard");
  const [said, setSaid] = useState("");
  const drop = (word: string) => {
    const { [word]: _, ...others } = values;
    onChange(others);
  };
  const add = () => {
    const word = said.trim();
    if (!word) return;
    onChange({ ...values, [word]: values[word] ?? "" });
    setSaid("");
  };
  return (
    <section>
      <h3>{t("import_wizard:options.values")}</h3>
      {Object.entries(values).map(([word, meant]) => (
        <div key={word} className={styles.word}>
          <span>{word}</span>
          <span aria-hidden>→</span>
          <Meaning
            resource={resource}
            target={target}
            value={meant}
            label={t("import_wizard:options.means")}
            onChange={(next) => onChange({ ...values, [word]: next })}
          />
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={t("import_wizard:options.forget", { word })}
            onClick={() => drop(word)}
          />
        </div>
      ))}
      <div className={styles.word}>
        <Input
          value={said}
          list={`samples-${column.name}`}
          placeholder={t("import_wizard:options.said")}
          aria-label={t("import_wizard:options.said")}
          onChange={(event) => setSaid(event.target.value)}
          onPressEnter={add}
        />
        <datalist id={`samples-${column.name}`}>
          {[...new Set(column.samples)].map((sample) => (
            <option key={sample} value={sample} />
          ))}
        </datalist>
        <Button
          size="small"
          icon={<PlusOutlined />}
          aria-label={t("import_wizard:options.add_word")}
          onClick={add}
        />
      </div>
    </section>
  );
}
