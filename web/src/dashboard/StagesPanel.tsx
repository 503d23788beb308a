import { useTranslation } from "react-i18next";
import { FunnelBars } from "@/shared/figures/FunnelBars";
import { Panel } from "@/shared/figures/Panel";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { opens, type Question, useFunnel } from "./api";
import styles from "./dashboard.module.css";

/** How many opportunities came through which stage, how long it took, and what the standard is. */
export function StagesPanel({ question }: { question: Question }) {
  const { t } = useTranslation("dashboard");
  const funnel = useFunnel(question);
  const data = funnel.data;
  const title = t("dashboard:panels.stages");
  return (
    <Panel
      title={title}
      chart={
        funnel.isError ? (
          <ErrorNotice error={funnel.error} retry={() => funnel.refetch()} />
        ) : !data ? (
          <div className={styles.waiting}>
            {[95, 80, 62, 45, 30, 18].map((width) => (
              <Bar key={width} width={`${width}%`} />
            ))}
          </div>
        ) : (
          <>
            <FunnelBars
              caption={title}
              steps={data.stages
                .filter((stage) => stage.kind !== "lost")
                .map((stage) => ({
                  id: stage.stage_id,
                  name: data.labels[stage.stage_id] ?? "",
                  count: stage.entered.count,
                  amount: stage.entered.amount,
                  to: opens(stage.entered.filter),
                  conversion: stage.conversion,
                  standard: stage.standard_conversion,
                  days: stage.median_days,
                  standardDays: stage.standard_days,
                }))}
            />
            <p className={styles.note}>{t("dashboard:funnel.text")}</p>
          </>
        )
      }
    />
  );
}
