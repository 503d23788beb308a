import type { EChartsCoreOption } from "echarts/core";
import { lazy, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import figureStyles from "@/shared/figures/figures.module.css";
import { Panel } from "@/shared/figures/Panel";
import { useFormat } from "@/shared/format/useFormat";
import { opens, type Performance } from "./api";

const Chart = lazy(() => import("@/shared/figures/Chart"));

const height = 260;

/** Won and lost by month, with the win rate. */
export function MonthsPanel({ performance }: { performance: Performance | undefined }) {
  const { t } = useTranslation("dashboard");
  return (
    <Panel
      title={t("dashboard:months.title")}
      height={height}
      chart={performance ? <Bars performance={performance} /> : <div style={{ height }} />}
      table={performance ? <Months performance={performance} /> : undefined}
    />
  );
}

function useMonthName() {
  const { i18n } = useTranslation();
  return (month: string) =>
    new Intl.DateTimeFormat(i18n.language, {
      timeZone: "UTC",
      year: "2-digit",
      month: "short",
    }).format(new Date(`${month}-01T00:00:00Z`));
}

function Bars({ performance }: { performance: Performance }) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  const navigate = useNavigate();
  const monthName = useMonthName();
  const names = performance.months.map((entry) => monthName(entry.month)).join("\n");
  const words = [
    t("dashboard:months.won"),
    t("dashboard:months.lost"),
    t("dashboard:tiles.win_rate"),
  ].join("\n");
  const option = useMemo((): EChartsCoreOption => {
    const currency = performance.won.amount.currency;
    const [won, lost, rate] = words.split("\n");
    const money = (value: number) => format.money({ amount_minor: value, currency });
    return {
      grid: { left: 4, right: 4, top: 36, bottom: 4, containLabel: true },
      legend: {},
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "category", data: names.split("\n"), splitLine: { show: false } },
      yAxis: [
        { type: "value", splitNumber: 4, axisLabel: { formatter: money } },
        {
          type: "value",
          min: 0,
          max: 100,
          splitLine: { show: false },
          axisLabel: { formatter: "{value}%" },
        },
      ],
      series: [
        {
          name: won,
          type: "bar",
          barMaxWidth: 16,
          cursor: "pointer",
          tooltip: { valueFormatter: money },
          data: performance.months.map((entry) => entry.won.amount.amount_minor),
        },
        {
          name: lost,
          type: "bar",
          barMaxWidth: 16,
          cursor: "pointer",
          tooltip: { valueFormatter: money },
          data: performance.months.map((entry) => entry.lost.amount.amount_minor),
        },
        {
          name: rate,
          type: "line",
          yAxisIndex: 1,
          symbolSize: 6,
          connectNulls: false,
          tooltip: {
            valueFormatter: (value: number | null) => (value === null ? "—" : `${value}%`),
          },
          data: performance.months.map((entry) =>
            entry.win_rate === null ? null : Math.round(entry.win_rate * 100),
          ),
        },
      ],
    };
  }, [performance, format, names, words]);
  return (
    <Chart
      option={option}
      height={height}
      label={t("dashboard:months.title")}
      onClick={({ seriesIndex, dataIndex }) => {
        const month = performance.months[dataIndex];
        if (month) navigate(opens((seriesIndex === 1 ? month.lost : month.won).filter));
      }}
    />
  );
}

function Months({ performance }: { performance: Performance }) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  const monthName = useMonthName();
  return (
    <table className={figureStyles.table}>
      <thead>
        <tr>
          <th scope="col">{t("dashboard:pipeline.month")}</th>
          <th scope="col">{t("dashboard:months.won")}</th>
          <th scope="col">{t("dashboard:months.lost")}</th>
          <th scope="col">{t("dashboard:tiles.win_rate")}</th>
        </tr>
      </thead>
      <tbody>
        {performance.months.map((entry) => (
          <tr key={entry.month}>
            <th scope="row">{monthName(entry.month)}</th>
            {[entry.won, entry.lost].map((figure, index) => (
              <td key={index === 0 ? "won" : "lost"}>
                {figure.count > 0 ? (
                  <Link to={opens(figure.filter)} title={format.exactMoney(figure.amount)}>
                    {format.money(figure.amount)} · {format.number(figure.count)}
                  </Link>
                ) : (
                  "—"
                )}
              </td>
            ))}
            <td>{entry.win_rate === null ? "—" : `${Math.round(entry.win_rate * 100)}%`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
