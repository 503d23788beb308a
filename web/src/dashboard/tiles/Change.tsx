import { useTranslation } from "react-i18next";
import type { Compared, Metric } from "../figures";
import { useFigureText } from "../useFigureText";
import styles from "./tiles.module.css";

/** How a figure stands beside an earlier one: `环比 ▲ +12%`; on hover with what, and from when to when. */
export function Change({ compared, metric }: { compared: Compared; metric: Metric }) {
  const { t } = useTranslation("dashboard");
  const text = useFigureText();
  const change = compared.change ?? null;
  const direction = change === null || change === 0 ? 0 : change > 0 ? 1 : -1;
  const isGood = metric.low_is_good ? direction < 0 : direction > 0;
  return (
    <span
      className={styles.change}
      title={t("dashboard:compare.with", {
        from: compared.from,
        to: compared.to,
        value: text.exact(compared.value, metric.unit),
      })}
    >
      {t(`dashboard:compare.${compared.with}`)}{" "}
      <span data-tone={direction === 0 ? undefined : isGood ? "good" : "bad"}>
        {direction === 0 ? null : <span aria-hidden>{direction > 0 ? "▲ " : "▼ "}</span>}
        {text.change(change)}
      </span>
    </span>
  );
}
