import { Segmented } from "antd";
import type { EChartsCoreOption } from "echarts/core";
import { lazy, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import figureStyles from "@/shared/figures/figures.module.css";
import { Panel } from "@/shared/figures/Panel";
import { useFormat } from "@/shared/format/useFormat";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import {
  opens,
  type Pipeline,
  type PipelineCell,
  type Question,
  type Slicing,
  usePipeline,
} from "./api";
import styles from "./dashboard.module.css";

const Chart = lazy(() => import("@/shared/figures/Chart"));

const slicings: Slicing[] = ["person", "team", "month"];
/** Longer rows of bars can't be read; the table has them all. */
const slices_max = 9;
/** In px, as of a chart beside it. */
const height = 300;

/** What is open, by stage within each person, team or month of the expected close. */
export function PipelinePanel({ question }: { question: Question }) {
  const { t } = useTranslation("dashboard");
  const [by, setBy] = useState<Slicing>("person");
  const pipeline = usePipeline(question, by);
  const data = pipeline.data;
  return (
    <Panel
      title={t("dashboard:pipeline.title")}
      height={height}
      tools={
        <Segmented<Slicing>
          size="small"
          value={by}
          onChange={setBy}
          aria-label={t("dashboard:pipeline.by")}
          options={slicings.map((entry) => ({
            value: entry,
            label: t(`dashboard:pipeline.${entry}`),
          }))}
        />
      }
      chart={
        pipeline.isError ? (
          <ErrorNotice error={pipeline.error} retry={() => pipeline.refetch()} />
        ) : data ? (
          <Bars data={data} by={by} />
        ) : (
          <div style={{ height }} />
        )
      }
      table={data ? <Cells data={data} by={by} /> : undefined}
    />
  );
}

function useSliceName(data: Pipeline, by: Slicing) {
  const { t, i18n } = useTranslation("dashboard");
  return (slice: PipelineCell) => {
    if (!slice.key) return t(`dashboard:pipeline.without_${by}`);
    if (by !== "month") return data.labels[slice.key] ?? "—";
    return new Intl.DateTimeFormat(i18n.language, {
      timeZone: "UTC",
      year: "2-digit",
      month: "short",
    }).format(new Date(`${slice.key}-01T00:00:00Z`));
  };
}

const cellAt = (data: Pipeline, stage: PipelineCell, slice: PipelineCell) =>
  data.cells.find(
    (cell) => cell.stage_id === stage.stage_id && (cell.key ?? null) === (slice.key ?? null),
  );

function Bars({ data, by }: { data: Pipeline; by: Slicing }) {
  const { t, i18n } = useTranslation("dashboard");
  const format = useFormat();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const nameOf = useSliceName(data, by);
  const names = data.slices.map(nameOf).join("\n");
  const option = useMemo((): EChartsCoreOption => {
    const shown = data.slices.slice(0, slices_max);
    const currency = data.total.amount.currency;
    return {
      grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
      legend: { type: "scroll" },
      tooltip: {
        trigger: "item",
        valueFormatter: (value: number) => format.exactMoney({ amount_minor: value, currency }),
      },
      xAxis: {
        type: "value",
        splitNumber: isPhone ? 2 : 4,
        axisLabel: {
          formatter: (value: number) => format.money({ amount_minor: value, currency }),
        },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: names.split("\n").slice(0, slices_max),
        axisLabel: { width: 84, overflow: "truncate" },
        splitLine: { show: false },
      },
      series: data.stages.map((stage) => ({
        name: data.labels[stage.stage_id ?? ""] ?? "",
        type: "bar",
        stack: "all",
        barMaxWidth: 18,
        cursor: "pointer",
        data: shown.map((slice) => cellAt(data, stage, slice)?.amount.amount_minor ?? 0),
      })),
    };
  }, [data, format, names, isPhone]);
  if (data.slices.length === 0) {
    return <p className={styles.note}>{t("dashboard:pipeline.none")}</p>;
  }
  return (
    <>
      <Chart
        key={i18n.language}
        option={option}
        height={height}
        label={t("dashboard:pipeline.title")}
        onClick={({ seriesIndex, dataIndex }) => {
          const stage = data.stages[seriesIndex];
          const slice = data.slices[dataIndex];
          const cell = stage && slice ? cellAt(data, stage, slice) : undefined;
          if (cell) navigate(opens(cell.filter));
        }}
      />
      {data.slices.length > slices_max ? (
        <p className={styles.note}>
          {t("dashboard:pipeline.others", { count: data.slices.length - slices_max })}
        </p>
      ) : null}
    </>
  );
}

function Cells({ data, by }: { data: Pipeline; by: Slicing }) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  const nameOf = useSliceName(data, by);
  const show = (cell: PipelineCell | undefined) =>
    cell && cell.count > 0 ? (
      <Link
        to={opens(cell.filter)}
        title={`${format.exactMoney(cell.amount)} · ${t("dashboard:pipeline.deals", { count: cell.count })}`}
      >
        {format.money(cell.amount)}
      </Link>
    ) : (
      "—"
    );
  return (
    <table className={figureStyles.table}>
      <thead>
        <tr>
          <th scope="col">{t(`dashboard:pipeline.${by}`)}</th>
          {data.stages.map((stage) => (
            <th key={stage.stage_id} scope="col">
              {data.labels[stage.stage_id ?? ""]}
            </th>
          ))}
          <th scope="col">{t("dashboard:pipeline.sum")}</th>
        </tr>
      </thead>
      <tbody>
        {data.slices.map((slice) => (
          <tr key={slice.key ?? ""}>
            <th scope="row">{nameOf(slice)}</th>
            {data.stages.map((stage) => (
              <td key={stage.stage_id}>{show(cellAt(data, stage, slice))}</td>
            ))}
            <td>{show(slice)}</td>
          </tr>
        ))}
        {data.slices_left_out > 0 ? (
          <tr>
            <td colSpan={data.stages.length + 2}>
              {t("dashboard:pipeline.left_out", { count: data.slices_left_out })}
            </td>
          </tr>
        ) : null}
        <tr>
          <th scope="row">{t("dashboard:pipeline.sum")}</th>
          {data.stages.map((stage) => (
            <td key={stage.stage_id}>{show(stage)}</td>
          ))}
          <td>{show(data.total)}</td>
        </tr>
      </tbody>
    </table>
  );
}
