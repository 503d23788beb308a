import { useResource } from "@/api/queries";
import type { Labels, Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { labelOf } from "../save";
import styles from "./list.module.css";

type Props = {
  resource: string;
  rows: Row[];
  labels: Labels;
  /** By what the list is ordered: a date among that is the one worth showing. */
  sort: string | undefined;
  open: (row: Row) => void;
};

/** The list on a phone: one card per record with its name, what matters first, and the date that orders the list. */
export function CardList({ resource, rows, labels, sort, open }: Props) {
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const names = ui?.highlights ?? [];
  const fields = names.flatMap(
    (name) => description?.fields.find((field) => field.name === name) ?? [],
  );
  const ordered = description?.fields.find((field) => field.name === sort?.replace(/^-/, ""));
  const dated = ordered && ["day", "instant"].includes(ordered.type) ? ordered : undefined;
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
              {dated && !isEmpty(row[dated.name]) ? (
                <span className={styles.cardTime}>
                  <FieldValue resource={resource} field={dated} value={row[dated.name]} plain />
                </span>
              ) : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
