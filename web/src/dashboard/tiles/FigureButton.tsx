import { useDialog } from "@/shared/ui/DialogProvider";
import type { FigureRow, Metric, Question } from "../figures";
import { useFigureText } from "../useFigureText";
import styles from "./tiles.module.css";

/** A figure with all that it takes to explain it. */
export type Told = {
  row: FigureRow;
  metric: Metric;
  /** The question that it answers, without its metrics. */
  question: Question;
  /** Whose it is, where a breakdown tells it apart. */
  whose?: string;
};

/** Opens what a figure is made of. */
export function useExplain() {
  const open = useDialog();
  return (told: Told) => open("dashboard.figure", told);
}

/** A figure that opens its formula, inputs and records. */
export function FigureButton(props: Told & { className?: string }) {
  const { className, ...told } = props;
  const text = useFigureText();
  const explain = useExplain();
  const { row, metric, whose } = told;
  const exact = text.exact(row.value, metric.unit);
  return (
    <button
      type="button"
      className={`${styles.figure} ${className ?? ""}`}
      data-state={row.state}
      title={exact}
      aria-label={[whose, metric.name, text.short(row.value, metric.unit)]
        .filter(Boolean)
        .join(" ")}
      onClick={() => explain(told)}
    >
      {text.short(row.value, metric.unit)}
    </button>
  );
}
