import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { EditableValue } from "../EditableValue";
import { useFieldGroups } from "../groups";
import { useNames } from "../names";
import styles from "./record.module.css";

/** The record's fields by section, each changed where it stands. */
export function Facts({
  resource,
  row,
  hideEmpty,
}: {
  resource: string;
  row: Row;
  hideEmpty?: boolean;
}) {
  const { t } = useTranslation("app");
  const names = useNames();
  const groups = useFieldGroups(resource, row);
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const system = (description?.fields ?? []).filter(
    (field) => field.system && !["id", "version"].includes(field.name),
  );
  return (
    <div className={styles.facts}>
      {groups.map((group, index) => {
        const fields = group.fields.filter(
          (field) =>
            field.name !== description?.label_field &&
            !(ui?.reasons && field.name in ui.reasons) &&
            !(hideEmpty && isEmpty(row[field.name])),
        );
        if (group.isRare && fields.every((field) => isEmpty(row[field.name]))) return null;
        if (fields.length === 0) return null;
        return (
          <section key={group.name}>
            {index > 0 ? (
              <h2>{t([`${resource}:groups.${group.name}`, `app:groups.${group.name}`])}</h2>
            ) : null}
            <dl className={styles.list}>
              {fields.map((field) => (
                <div key={field.name} data-long={field.type === "long_text" || undefined}>
                  <dt>{names.field(resource, field)}</dt>
                  <dd>
                    <EditableValue
                      resource={resource}
                      field={field}
                      row={row}
                      labels={row.labels}
                    />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
      {hideEmpty ? null : (
        <section>
          <dl className={styles.list}>
            {system
              .filter((field) => !isEmpty(row[field.name]))
              .map((field) => (
                <div key={field.name}>
                  <dt>{names.field(resource, field)}</dt>
                  <dd className={styles.soft}>
                    <FieldValue
                      resource={resource}
                      field={field}
                      value={row[field.name]}
                      labels={row.labels}
                    />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      )}
    </div>
  );
}
