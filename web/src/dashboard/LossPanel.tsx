import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useResource } from "@/api/queries";
import { Panel } from "@/shared/figures/Panel";
import { useFormat } from "@/shared/format/useFormat";
import { useNames } from "@/shared/resource/names";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { opens, type Question, usePerformance } from "./api";
import styles from "./dashboard.module.css";

/** Why opportunities were lost, the most frequent reason first. */
export function LossPanel({ question }: { question: Question }) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  const names = useNames();
  const field = useResource("opportunities")?.fields.find((entry) => entry.name === "loss_reason");
  const { data: performance, error, refetch } = usePerformance(question);
  const reasons = performance?.loss_reasons ?? [];
  const most = Math.max(1, ...reasons.map((entry) => entry.count));
  const nameOf = (reason: string | null) =>
    reason === null
      ? t("dashboard:losses.none_given")
      : field
        ? names.choice("opportunities", field, reason)
        : reason;
  return (
    <Panel
      title={t("dashboard:losses.title")}
      chart={
        error ? (
          <ErrorNotice error={error} retry={() => refetch()} />
        ) : !performance ? (
          <div className={styles.waiting}>
            {[90, 60, 35, 20].map((width) => (
              <Bar key={width} width={`${width}%`} />
            ))}
          </div>
        ) : reasons.length === 0 ? (
          <p className={styles.note}>{t("dashboard:losses.none")}</p>
        ) : (
          <table className={styles.losses}>
            <thead className="visually-hidden">
              <tr>
                <th scope="col">{t("opportunities:fields.loss_reason")}</th>
                <th scope="col">{t("app:figures.count")}</th>
                <th scope="col">{t("app:figures.amount")}</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map((entry) => (
                <tr key={entry.reason ?? ""}>
                  <th scope="row">{nameOf(entry.reason)}</th>
                  <td className={styles.lossBar}>
                    <Link to={opens(entry.filter)}>
                      <span style={{ width: `calc((100% - 5.5rem) * ${entry.count / most})` }} />
                      <b>{format.number(entry.count)}</b>
                      <small>
                        {entry.share === null ? null : `${Math.round(entry.share * 100)}%`}
                      </small>
                    </Link>
                  </td>
                  <td title={format.exactMoney(entry.amount)}>
                    <Link to={opens(entry.filter)}>{format.money(entry.amount)}</Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    />
  );
}
