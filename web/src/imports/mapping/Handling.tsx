import { Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import type { Mapping, Target } from "../api";
import styles from "../imports.module.css";
import { useTargetNames } from "../useTargetNames";

type Props = {
  resource: string;
  targets: Target[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
};

/** Whether rows become new records or change known ones, and how a known one is recognised. */
export function Handling({ resource, targets, mapping, onChange }: Props) {
  const { t } = useTranslation("import_wizard");
  const names = useTargetNames(resource);
  const label = useResource(resource)?.label_field ?? "name";
  const keys = targets.filter((target) => target.unique || target.field === label);
  const set = (change: Partial<Mapping>) => onChange({ ...mapping, ...change });
  return (
    <section className={styles.handling}>
      <Segmented<Mapping["mode"]>
        aria-label={t("import_wizard:mode.title")}
        value={mapping.mode}
        onChange={(mode) =>
          set({ mode, key: mode === "create" ? null : (mapping.key ?? keys[0]?.field ?? null) })
        }
        options={[
          { value: "create", label: t("import_wizard:mode.create") },
          { value: "update", label: t("import_wizard:mode.update") },
          { value: "upsert", label: t("import_wizard:mode.upsert") },
        ]}
      />
      {mapping.mode === "create" ? null : (
        <span>
          {t("import_wizard:mode.key")}
          <Select
            value={mapping.key ?? undefined}
            popupMatchSelectWidth={false}
            aria-label={t("import_wizard:mode.key")}
            onChange={(key) => set({ key })}
            options={keys.map((target) => ({
              value: target.field,
              label: names.target(target),
            }))}
          />
        </span>
      )}
      {resource === "customers" && mapping.mode !== "update" ? (
        <span>
          {t("import_wizard:duplicates.title")}
          <Select<NonNullable<Mapping["duplicates"]>>
            value={mapping.duplicates ?? "create"}
            popupMatchSelectWidth={false}
            aria-label={t("import_wizard:duplicates.title")}
            onChange={(duplicates) => set({ duplicates })}
            options={[
              { value: "create", label: t("import_wizard:duplicates.create") },
              { value: "skip", label: t("import_wizard:duplicates.skip") },
              { value: "update", label: t("import_wizard:duplicates.update") },
            ]}
          />
        </span>
      ) : null}
    </section>
  );
}
