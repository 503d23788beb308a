import { Segmented } from "antd";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import styles from "./figures.module.css";

type Props = {
  title: string;
  tools?: ReactNode;
  chart: ReactNode;
  /** The same figures as a table; without one the chart is a table already. */
  table?: ReactNode;
  /** In px, kept free while the chart is loading. */
  height?: number;
};

/** One question with its answer as a chart, and as a table for reading exactly. */
export function Panel({ title, tools, chart, table, height }: Props) {
  const { t } = useTranslation("app");
  const [as, setAs] = useState<"chart" | "table">("chart");
  return (
    <section className={styles.panel}>
      <header className={styles.panelHead}>
        <h2>{title}</h2>
        {tools}
        {table ? (
          <Segmented<"chart" | "table">
            size="small"
            value={as}
            onChange={setAs}
            aria-label={title}
            options={[
              { value: "chart", label: t("app:figures.chart") },
              { value: "table", label: t("app:figures.table") },
            ]}
          />
        ) : null}
      </header>
      {table && as === "table" ? (
        <ScrollBox className={styles.tableBox} label={title}>
          {table}
        </ScrollBox>
      ) : (
        <Suspense fallback={<div style={{ height }} />}>{chart}</Suspense>
      )}
    </section>
  );
}
