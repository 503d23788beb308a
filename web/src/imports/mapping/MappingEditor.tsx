import { Button } from "antd";
import { useTranslation } from "react-i18next";
import uiStyles from "@/shared/ui/ui.module.css";
import type { Column, Mapping, Target } from "../api";
import styles from "../imports.module.css";
import { useTargetNames } from "../useTargetNames";
import { ColumnRow } from "./ColumnRow";
import { Constants } from "./Constants";
import { Handling } from "./Handling";
import { doubled, missingTargets } from "./mapping";

type Props = {
  resource: string;
  columns: Column[];
  targets: Target[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
};

/** Which column goes into which field, and how. */
export function MappingEditor({ resource, columns, targets, mapping, onChange }: Props) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const names = useTargetNames(resource);
  const missing = missingTargets(mapping, targets);
  const twice = doubled(mapping);
  const used = columns.filter((column) => mapping.columns[column.name]).length;
  return (
    <div className={styles.step}>
      <Handling resource={resource} targets={targets} mapping={mapping} onChange={onChange} />
      <section>
        <div className={styles.sectionHead}>
          <h2>{t("import_wizard:mapping.columns")}</h2>
          <span className={styles.soft}>
            {t("import_wizard:mapping.used", { used, total: columns.length })}
          </span>
        </div>
        {missing.length > 0 ? (
          <div className={styles.missing} role="status">
            <span>
              {t("import_wizard:mapping.missing", {
                fields: missing.map(names.target).join(t("app:list_joint")),
              })}
            </span>
            {missing
              .filter((target) => !(target.field in mapping.constants))
              .map((target) => (
                <Button
                  key={target.field}
                  size="small"
                  onClick={() => {
                    onChange({
                      ...mapping,
                      constants: { ...mapping.constants, [target.field]: "" },
                    });
                    requestAnimationFrame(() =>
                      document.getElementById("constants")?.scrollIntoView({ block: "center" }),
                    );
                  }}
                >
                  {t("import_wizard:mapping.fill", { field: names.target(target) })}
                </Button>
              ))}
          </div>
        ) : null}
        <div className={uiStyles.tableBox}>
          <table className={styles.columns}>
            <thead>
              <tr>
                <th scope="col">{t("import_wizard:mapping.column")}</th>
                <th scope="col">{t("import_wizard:mapping.samples")}</th>
                <th scope="col">{t("import_wizard:mapping.field")}</th>
                <th scope="col">{t("import_wizard:mapping.how")}</th>
              </tr>
            </thead>
            <tbody>
              {columns.map((column) => {
                const field = mapping.columns[column.name]?.field;
                return (
                  <ColumnRow
                    key={column.name}
                    resource={resource}
                    column={column}
                    targets={targets}
                    mapping={mapping}
                    isDoubled={field !== undefined && twice.has(field)}
                    onChange={onChange}
                  />
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
      <Constants
        resource={resource}
        columns={columns}
        targets={targets}
        mapping={mapping}
        onChange={onChange}
      />
    </div>
  );
}
