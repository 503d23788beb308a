import { CloseOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Column, Mapping, Target } from "../api";
import styles from "../imports.module.css";
import { useTargetNames } from "../useTargetNames";
import { Meaning } from "./ColumnOptions";

type Props = {
  resource: string;
  columns: Column[];
  targets: Target[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
};

/** Fields that no column has but that all rows share. */
export function Constants({ resource, columns, targets, mapping, onChange }: Props) {
  const { t } = useTranslation("import_wizard");
  const names = useTargetNames(resource);
  const taken = new Set(Object.values(mapping.columns).map((column) => column?.field));
  const free = targets.filter(
    (target) => !taken.has(target.field) && !(target.field in mapping.constants),
  );
  const set = (field: string, value: string) =>
    onChange({ ...mapping, constants: { ...mapping.constants, [field]: value } });
  const drop = (field: string) => {
    const { [field]: _, ...others } = mapping.constants;
    onChange({ ...mapping, constants: others });
  };
  return (
    <section id="constants">
      <h2>{t("import_wizard:constants.title")}</h2>
      <p className={styles.soft}>
        {t("import_wizard:constants.text", { column: `{${columns[0]?.name ?? ""}}` })}
      </p>
      {Object.entries(mapping.constants).map(([field, value]) => {
        const target = targets.find((entry) => entry.field === field);
        if (!target) return null;
        return (
          <div key={field} className={styles.constant}>
            <span>{names.target(target)}</span>
            <Meaning
              resource={resource}
              target={target}
              value={String(value ?? "")}
              label={names.target(target)}
              onChange={(next) => set(field, next)}
            />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t("import_wizard:constants.remove", { field: names.target(target) })}
              onClick={() => drop(field)}
            />
          </div>
        );
      })}
      <Select
        className={styles.target}
        value={null}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("import_wizard:constants.add")}
        aria-label={t("import_wizard:constants.add")}
        onChange={(field: string | null) => field && set(field, "")}
        options={free.map((target) => ({
          value: target.field,
          label: `${names.target(target)}${target.required ? " *" : ""}`,
        }))}
      />
    </section>
  );
}
