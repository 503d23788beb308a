import { useResource } from "@/api/queries";
import type { Labels, Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { useFormat } from "@/shared/format/useFormat";
import { labelOf } from "../save";
import styles from "./list.module.css";

type Props = { resource: string; rows: Row[]; labels: Labels; open: (row: Row) => void };

/** The list on a phone: one card per record with its name and what matters first. */
export function CardList({ resource, rows, labels, open }: Props) {
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const format = useFormat();
  const names = ui?.highlights ?? [];
  const fields = names.flatMap(
    (name) => description?.fields.find((field) => field.name === name) ?? [],
  );
  return (
    <ul className={styles.cards}>
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className={styles.card} onClick={() => open(row)}>
            <span className={styles.cardTitle}>{labelOf(description, row)}</span>
            <span className={styles.cardFacts}>
              {fields
                .filter((field) => !isEmpty(row[field.name]))
                .map((field) => (
                  <span key={field.name}>
                    <FieldValue
                      resource={resource}
                      field={field}
                      value={row[field.name]}
                      labels={labels}
                      plain
                    />
                  </span>
                ))}
              <time dateTime={row.updated_at} className={styles.cardTime}>
                {format.instant(row.updated_at)}
              </time>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
