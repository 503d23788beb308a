import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Money } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./figures.module.css";

export type FunnelStep = {
  id: string;
  name: string;
  count: number;
  amount: Money | null;
  /** The records behind the count. */
  to: string;
  /** Share (0 to 1) of those that reached this step and went on to the next. */
  conversion?: number | null;
  /** What the conversion should be, 0 to 1. */
  standard?: number | null;
  /** Median days that the step took, and how many it should take at most. */
  days?: number | null;
  standardDays?: number | null;
  /** How many there should be beside the first step. */
  expected?: number | null;
};

const percent = (share: number) => `${Math.round(share * 100)}%`;

/** The steps from wide to narrow; between two steps how many go on, with the standard beside it. */
export function FunnelBars({ steps, caption }: { steps: FunnelStep[]; caption: string }) {
  const { t } = useTranslation("app");
  const format = useFormat();
  const hasDays = steps.some((step) => typeof step.days === "number");
  const hasRates = steps.some((step) => typeof step.conversion === "number");
  const hasAmounts = steps.some((step) => step.amount !== null);
  // Room behind the longest bar for its number.
  const room = steps.some((step) => typeof step.expected === "number") ? "8.5rem" : "3.5rem";
  const most = Math.max(1, ...steps.map((step) => step.count));
  return (
    <table className={styles.funnel}>
      <caption className="visually-hidden">{caption}</caption>
      <thead className={hasRates ? undefined : "visually-hidden"}>
        <tr>
          <th scope="col">{t("app:figures.step")}</th>
          <th scope="col">{t("app:figures.count")}</th>
          {hasDays ? <th scope="col">{t("app:figures.days")}</th> : null}
          {hasAmounts ? <th scope="col">{t("app:figures.amount")}</th> : null}
          {hasRates ? <th scope="col">{t("app:figures.conversion")}</th> : null}
        </tr>
      </thead>
      <tbody>
        {steps.map((step, index) => {
          const isBelow =
            typeof step.conversion === "number" &&
            typeof step.standard === "number" &&
            step.conversion < step.standard;
          return (
            <tr key={step.id}>
              <th scope="row">{step.name}</th>
              <td className={styles.funnelBar}>
                <Link to={step.to}>
                  <span style={{ width: `calc((100% - ${room}) * ${step.count / most})` }} />
                  <b>{format.number(step.count)}</b>
                  {typeof step.expected === "number" && index > 0 ? (
                    <small>
                      {t("app:figures.expected")} {format.number(step.expected)}
                    </small>
                  ) : null}
                </Link>
              </td>
              {hasDays ? (
                <td className={styles.funnelDays}>
                  {typeof step.days === "number" ? (
                    <span
                      data-over={
                        (typeof step.standardDays === "number" && step.days > step.standardDays) ||
                        undefined
                      }
                    >
                      {format.number(step.days)}
                      {typeof step.standardDays === "number" ? (
                        <small> / {format.number(step.standardDays)}</small>
                      ) : null}
                    </span>
                  ) : null}
                </td>
              ) : null}
              {hasAmounts ? (
                <td className={styles.figure}>
                  {step.amount ? (
                    <Link to={step.to} title={format.exactMoney(step.amount)}>
                      {format.money(step.amount)}
                    </Link>
                  ) : null}
                </td>
              ) : null}
              {hasRates ? (
                <td className={styles.funnelRate}>
                  {typeof step.conversion === "number" && index < steps.length - 1 ? (
                    <span data-below={isBelow || undefined}>
                      <span aria-hidden>{isBelow ? "▾ " : "↓ "}</span>
                      {percent(step.conversion)}
                      {typeof step.standard === "number" ? (
                        <small>
                          {t("app:figures.standard", { share: percent(step.standard) })}
                        </small>
                      ) : null}
                    </span>
                  ) : null}
                </td>
              ) : null}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
