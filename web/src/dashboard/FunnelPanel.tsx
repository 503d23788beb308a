import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FunnelBars } from "@/shared/figures/FunnelBars";
import { Panel } from "@/shared/figures/Panel";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { opens, type Question, useFunnel } from "./api";
import styles from "./dashboard.module.css";

/** Levels that lead to a sale; those after it are no steps of the funnel. */
const steps = new Set(["prospect", "target", "engaged", "intention", "won"]);

/** How many came how far: opportunities through the stages, customers through the levels. */
export function FunnelPanel({ question }: { question: Question }) {
  const { t } = useTranslation(["dashboard", "customers"]);
  const funnel = useFunnel(question);
  const [of, setOf] = useState<"opportunities" | "customers">("opportunities");
  const data = funnel.data;
  const title = t("dashboard:funnel.title");
  const hasCustomers = (data?.customers.length ?? 0) > 0;
  const chart = !data ? (
    <div className={styles.waiting}>
      {[95, 70, 45, 25].map((width) => (
        <Bar key={width} width={`${width}%`} />
      ))}
    </div>
  ) : of === "customers" ? (
    <>
      <FunnelBars
        caption={title}
        steps={data.customers
          .filter((level) => steps.has(level.funnel_level))
          .map((level) => ({
            id: level.funnel_level,
            name: t(`customers:choices.funnel_level.${level.funnel_level}`),
            count: level.count,
            amount: null,
            to: opens(level.filter, "customers"),
            expected: level.standard,
          }))}
      />
      <p className={styles.note}>{t("dashboard:funnel.customers_text")}</p>
    </>
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
  );
  if (funnel.isError) {
    return (
      <Panel
        title={title}
        chart={<ErrorNotice error={funnel.error} retry={() => funnel.refetch()} />}
      />
    );
  }
  return (
    <Panel
      title={title}
      tools={
        hasCustomers ? (
          <Segmented<"opportunities" | "customers">
            size="small"
            value={of}
            onChange={setOf}
            aria-label={title}
            options={[
              { value: "opportunities", label: t("opportunities:title") },
              { value: "customers", label: t("customers:title") },
            ]}
          />
        ) : null
      }
      chart={chart}
    />
  );
}
