import { useState } from "react";
import { useTranslation } from "react-i18next";
import figureStyles from "@/shared/figures/figures.module.css";
import type { FigureRow, Metric, Question } from "../figures";
import { useFigureText } from "../useFigureText";
import { FigureButton } from "./FigureButton";
import styles from "./tiles.module.css";

export type Line = {
  id: string;
  name: string;
  /** Looks at the whole dashboard for this one. */
  onPick?: () => void;
  cells: (FigureRow | undefined)[];
};

type Props = {
  head: string;
  metrics: Metric[];
  lines: Line[];
  question: Question;
  /** Whether the columns sort the lines; lines that have an order of their own keep it. */
  canSort?: boolean;
};

/** Lines with a figure of each metric; every figure opens what is behind it. */
export function FigureTable({ head, metrics, lines, question, canSort }: Props) {
  const { t } = useTranslation("dashboard");
  const text = useFigureText();
  // Who has no facts of something that is counted or added up has none of it.
  const none = (metric: Metric) =>
    text.short(["flow", "stock", "distinct"].includes(metric.kind) ? 0 : null, metric.unit);
  const [sort, setSort] = useState({ column: 0, isUp: false });
  const worth = (line: Line) => line.cells[sort.column]?.value ?? Number.NEGATIVE_INFINITY;
  const sorted = canSort
    ? [...lines].sort((one, other) =>
        sort.isUp ? worth(one) - worth(other) : worth(other) - worth(one),
      )
    : lines;
  return (
    <table className={`${figureStyles.table} ${styles.table}`}>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          {metrics.map((metric, index) => {
            const isSorted = canSort && sort.column === index;
            return (
              <th
                key={metric.code}
                scope="col"
                aria-sort={isSorted ? (sort.isUp ? "ascending" : "descending") : undefined}
              >
                {canSort ? (
                  <button
                    type="button"
                    title={t("dashboard:sort_by", { metric: metric.name })}
                    onClick={() => setSort({ column: index, isUp: isSorted ? !sort.isUp : false })}
                  >
                    {metric.name}
                    {isSorted ? <span aria-hidden>{sort.isUp ? " ↑" : " ↓"}</span> : null}
                  </button>
                ) : (
                  metric.name
                )}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {sorted.map((line) => (
          <tr key={line.id}>
            <th scope="row">
              {line.onPick ? (
                <button type="button" onClick={line.onPick}>
                  {line.name}
                </button>
              ) : (
                line.name
              )}
            </th>
            {metrics.map((metric, index) => {
              const row = line.cells[index];
              return (
                <td key={metric.code}>
                  {row ? (
                    <FigureButton row={row} metric={metric} question={question} whose={line.name} />
                  ) : (
                    none(metric)
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
