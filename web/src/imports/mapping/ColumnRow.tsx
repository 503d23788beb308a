import { SettingOutlined } from "@ant-design/icons";
import { Button, Popover, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Column, ColumnMapping, Mapping, Target } from "../api";
import styles from "../imports.module.css";
import { useTargetNames } from "../useTargetNames";
import { ColumnOptions } from "./ColumnOptions";
import { withColumn } from "./mapping";

type Props = {
  resource: string;
  column: Column;
  targets: Target[];
  mapping: Mapping;
  isDoubled: boolean;
  onChange: (mapping: Mapping) => void;
};

/** One column of the file: its samples, the field it goes into, and how its cells are read. */
export function ColumnRow({ resource, column, targets, mapping, isDoubled, onChange }: Props) {
  const { t } = useTranslation("import_wizard");
  const names = useTargetNames(resource);
  const mapped = mapping.columns[column.name] ?? null;
  const target = targets.find((entry) => entry.field === mapped?.field);
  const set = (next: ColumnMapping | null) => onChange(withColumn(mapping, column.name, next));
  return (
    <tr data-unused={mapped === null || undefined}>
      <th scope="row">{column.name}</th>
      <td className={styles.samples}>
        {column.samples.slice(0, 3).map((sample, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: samples may repeat
          <span key={index}>{sample}</span>
        ))}
      </td>
      <td>
        <Select
          className={styles.target}
          status={isDoubled ? "error" : undefined}
          value={mapped?.field ?? ""}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          aria-label={t("import_wizard:mapping.field_of", { column: column.name })}
          onChange={(field: string) => set(field ? { field } : null)}
          options={[
            { value: "", label: t("import_wizard:mapping.leave_out") },
            ...targets.map((entry) => ({
              value: entry.field,
              label: `${names.target(entry)}${entry.required ? " *" : ""}`,
            })),
          ]}
        />
        {isDoubled ? <p className={styles.wrong}>{t("import_wizard:mapping.doubled")}</p> : null}
      </td>
      <td>
        {mapped && target ? (
          <Popover
            trigger="click"
            placement="leftTop"
            destroyOnHidden
            content={
              <ColumnOptions
                resource={resource}
                column={column}
                target={target}
                mapped={mapped}
                onChange={set}
              />
            }
          >
            <Button size="small" type="text" icon={<SettingOutlined />}>
              <Said mapped={mapped} target={target} />
            </Button>
          </Popover>
        ) : null}
      </td>
    </tr>
  );
}

/** What was set for the column, in a few words. */
function Said({ mapped, target }: { mapped: ColumnMapping; target: Target }) {
  const { t } = useTranslation("import_wizard");
  const values = Object.keys(mapped.values ?? {}).length;
  const parts = [
    mapped.match
      ? t("import_wizard:options.by", { field: t(`import_wizard:matches.${mapped.match}`) })
      : null,
    mapped.create_missing ? t("import_wizard:options.creates") : null,
    mapped.format ? t(`import_wizard:orders.${mapped.format}`) : null,
    mapped.unit === 10_000 ? t("import_wizard:options.in_wan") : null,
    values > 0 ? t("import_wizard:options.values_count", { count: values }) : null,
    mapped.default ? t("import_wizard:options.default_is", { value: mapped.default }) : null,
  ].filter(Boolean);
  if (parts.length > 0) return <>{parts.join(" · ")}</>;
  return <>{t(target.reference ? "import_wizard:options.any" : "import_wizard:options.plain")}</>;
}
