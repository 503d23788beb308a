import { useResource } from "@/api/queries";
import type { FieldChange, Labels } from "@/api/types";
import { FieldValue } from "@/shared/fields/FieldValue";
import { useNames } from "../names";
import styles from "./record.module.css";

/** Field by field, what it was and what it became. */
export function Changes({
  resource,
  changes,
  labels,
}: {
  resource: string;
  changes: FieldChange[];
  labels: Labels;
}) {
  const names = useNames();
  const description = useResource(resource);
  const known = changes.flatMap((change) => {
    const field = description?.fields.find((entry) => entry.name === change.field);
    return field && names.isNamed(resource, field) ? [{ ...change, field }] : [];
  });
  return (
    <ul className={styles.changes}>
      {known.map(({ field, before, after }) => (
        <li key={field.name}>
          <span className={styles.soft}>{names.field(resource, field)}</span>{" "}
          <span className={styles.before}>
            <FieldValue resource={resource} field={field} value={before} labels={labels} plain />
          </span>
          <span aria-hidden> → </span>
          <FieldValue resource={resource} field={field} value={after} labels={labels} plain />
        </li>
      ))}
    </ul>
  );
}
