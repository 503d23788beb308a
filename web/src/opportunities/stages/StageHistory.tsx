import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import styles from "./stage_history.module.css";
import { useStages } from "./stages";
import { useStageHistory } from "./useStageHistory";

/** Every stay in a stage with its days beside the standard. */
export function StageHistory({ row }: { row: Row }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const stages = useStages(String(row.process_id));
  const history = useStageHistory(row.id);
  if (history.isError) return null;
  const labels = { ...row.labels, ...history.data?.labels };
  const stays = history.data?.rows ?? [];
  // Bars are as long as the longest stay or standard, so that they can be compared.
  const longest = Math.max(1, ...stays.map((stay) => Math.max(stay.days, stay.standard_days ?? 0)));
  return (
    <section className={styles.history}>
      <h2>{t("opportunities:history.title")}</h2>
      {history.isPending ? <Bar /> : null}
      <ol>
        {stays.map((stay) => {
          const isOver = stay.standard_days !== null && stay.days > stay.standard_days;
          const stage = stages?.find((entry) => entry.id === stay.stage_id);
          return (
            <li key={stay.stage_id + stay.entered_at}>
              <div className={styles.line}>
                <span>{stage?.name ?? labels[stay.stage_id] ?? "—"}</span>
                <span data-over={isOver || undefined}>
                  {stay.standard_days === null
                    ? t("opportunities:card.days", { days: format.number(Math.floor(stay.days)) })
                    : t("opportunities:stage_bar.days", {
                        days: format.number(Math.floor(stay.days)),
                        standard: stay.standard_days,
                      })}
                </span>
              </div>
              <div className={styles.track} aria-hidden>
                <span
                  data-over={isOver || undefined}
                  style={{ width: `${(stay.days / longest) * 100}%` }}
                />
                {stay.standard_days === null ? null : (
                  <i style={{ left: `${(stay.standard_days / longest) * 100}%` }} />
                )}
              </div>
              <small>
                <time dateTime={stay.entered_at} title={format.exactInstant(stay.entered_at)}>
                  {format.instant(stay.entered_at)}
                </time>
                {stay.by && labels[stay.by] ? ` · ${labels[stay.by]}` : null}
              </small>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
