import { CloseOutlined } from "@ant-design/icons";
import { Button, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import { useNames } from "@/shared/resource/names";
import { type FieldRule, type Grants, withRule } from "./grants";
import styles from "./roles.module.css";

type Props = { grants: Grants; onChange: (grants: Grants) => void; isDisabled: boolean };

/** Fields that the role masks or hides, everywhere the same. */
export function FieldRules({ grants, onChange, isDisabled }: Props) {
  const { t } = useTranslation(["settings", "app"]);
  const names = useNames();
  const { resources } = useMeta();
  const rules = Object.entries(grants.fields).flatMap(([resource, fields]) =>
    Object.entries(fields).map(([field, rule]) => ({ resource, field, rule })),
  );
  const nameOf = (resource: string, name: string) => {
    const field = resources
      .find((entry) => entry.name === resource)
      ?.fields.find((entry) => entry.name === name);
    return `${t(`${resource}:one`)} · ${field ? names.field(resource, field) : name}`;
  };
  const free = resources
    .map((resource) => ({
      label: t(`${resource.name}:title`),
      options: resource.fields
        .filter(
          (field) =>
            field.name !== resource.label_field &&
            !/^(id|version|(created|updated)_(at|by))$/.test(field.name) &&
            names.isNamed(resource.name, field) &&
            !grants.fields[resource.name]?.[field.name],
        )
        .map((field) => ({
          value: `${resource.name}.${field.name}`,
          label: names.field(resource.name, field),
        })),
    }))
    .filter((group) => group.options.length > 0);
  return (
    <section className={styles.rules}>
      <h3>{t("settings:roles.field_rules")}</h3>
      <p className={styles.soft}>{t("settings:roles.field_rules_text")}</p>
      <ul>
        {rules.map(({ resource, field, rule }) => (
          <li key={`${resource}.${field}`}>
            <span>{nameOf(resource, field)}</span>
            <Segmented<FieldRule>
              size="small"
              disabled={isDisabled}
              value={rule}
              onChange={(next) => onChange(withRule(grants, resource, field, next))}
              options={[
                { value: "mask", label: t("settings:roles.mask") },
                { value: "hide", label: t("settings:roles.hide") },
              ]}
            />
            <Button
              type="text"
              size="small"
              disabled={isDisabled}
              icon={<CloseOutlined />}
              aria-label={t("settings:roles.lift", { field: nameOf(resource, field) })}
              onClick={() => onChange(withRule(grants, resource, field, undefined))}
            />
          </li>
        ))}
      </ul>
      {isDisabled ? null : (
        <Select
          style={{ width: 260 }}
          value={null}
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("settings:roles.add_rule")}
          aria-label={t("settings:roles.add_rule")}
          options={free}
          onChange={(path: string | null) => {
            const [resource = "", field = ""] = (path ?? "").split(".");
            if (field) onChange(withRule(grants, resource, field, "mask"));
          }}
        />
      )}
    </section>
  );
}
