import { useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import styles from "./record.module.css";

/** The few facts that tell this record from others, beside its name. */
export function Highlights({ resource, row }: { resource: string; row: Row }) {
  const description = useResource(resource);
  const fields = (useResourceUi(resource)?.highlights ?? []).flatMap(
    (name) => description?.fields.find((field) => field.name === name) ?? [],
  );
  const shown = fields.filter((field) => !isEmpty(row[field.name]));
  if (shown.length === 0) return null;
  return (
    <div className={styles.highlights}>
      {shown.map((field) => (
        <span key={field.name}>
          <FieldValue
            resource={resource}
            field={field}
            value={row[field.name]}
            labels={row.labels}
          />
        </span>
      ))}
    </div>
  );
}
