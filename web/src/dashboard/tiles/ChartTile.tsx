import type { EChartsCoreOption } from "echarts/core";
import { lazy, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useIsPhone } from "@/shared/ui/useMedia";
import {
  type FigureRow,
  type Figures,
  type Look,
  questionsOf,
  type Tile,
  useFiguresBy,
} from "../figures";
import { periodName } from "../period";
import { useBreakdown } from "../useBreakdown";
import { useFigureText } from "../useFigureText";
import type { Slicers } from "../useSlicers";
import { useExplain } from "./FigureButton";
import { FigureTable, type Line } from "./FigureTable";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

const Chart = lazy(() => import("@/shared/figures/Chart"));

/** In px; a tile keeps its place while it loads. */
const height = 260;
/** More bars can't be read; the table has them all. */
const bars_max = 12;

type Props = { tile: Tile; title: string; note?: string; look: Look; slicers?: Slicers };

/** Lines or bars: over periods, or of what a breakdown tells apart. */
export function ChartTile({ tile, title, note, look, slicers }: Props) {
  const { t, i18n } = useTranslation("dashboard");
  const [asked = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const { figures, question } = useFiguresBy(asked);
  const breakdown = useBreakdown(tile.by ?? undefined, slicers);
  const { data } = figures;
  const lines = useMemo(() => {
    if (!data) return [];
    if (!tile.by) return overPeriods(data, (period) => periodName(period, i18n.language, t, true));
    const worth = (line: Line) => line.cells[0]?.value ?? Number.NEGATIVE_INFINITY;
    return breakdown.linesOf(data).sort((one, other) => worth(other) - worth(one));
  }, [data, tile.by, breakdown.linesOf, i18n.language, t]);
  return (
    <TileFrame
      tile={tile}
      title={title}
      note={note}
      question={question}
      table={
        data ? (
          <FigureTable
            head={t(tile.by ? `dashboard:by.${tile.by}` : "dashboard:period")}
            metrics={data.metrics}
            lines={lines}
            question={question}
            canSort={Boolean(tile.by)}
          />
        ) : undefined
      }
    >
      {figures.isError ? (
        <Failed figures={figures} />
      ) : !data ? (
        <div className={styles.chart} />
      ) : lines.length === 0 ? (
        <p className={styles.none}>{t("dashboard:nothing")}</p>
      ) : (
        <Drawing tile={tile} title={title} data={data} lines={lines} question={question} />
      )}
    </TileFrame>
  );
}

function overPeriods(data: Figures, nameOf: (period: string) => string): Line[] {
  const at = new Map<string, FigureRow>();
  for (const row of data.rows) at.set(`${row.period} ${row.metric}`, row);
  return data.periods.map(({ period }) => ({
    id: period,
    name: nameOf(period),
    cells: data.metrics.map((metric) => at.get(`${period} ${metric.code}`)),
  }));
}

type DrawingProps = {
  tile: Tile;
  title: string;
  data: Figures;
  lines: Line[];
  question: ReturnType<typeof questionsOf>[number];
};

function Drawing({ tile, title, data, lines, question }: DrawingProps) {
  const { t, i18n } = useTranslation("dashboard");
  const text = useFigureText();
  const explain = useExplain();
  const isPhone = useIsPhone();
  const isSliced = Boolean(tile.by);
  const shown = isSliced ? lines.slice(0, bars_max) : lines;
  const option = useMemo((): EChartsCoreOption => {
    const units = [...new Set(data.metrics.map((metric) => metric.unit))];
    const values = units.map((unit, index) => ({
      type: "value",
      splitNumber: isPhone ? 3 : 4,
      splitLine: index > 0 ? { show: false } : undefined,
      axisLabel: { formatter: (value: number) => text.short(value, unit) },
      minInterval: unit === "count" ? 1 : undefined,
    }));
    const names = {
      type: "category",
      data: shown.map((line) => line.name),
      splitLine: { show: false },
      inverse: isSliced,
      axisLabel: isSliced ? { width: 84, overflow: "truncate" } : {},
    };
    const mark = (index: number) =>
      tile.kind === "line" || (!isSliced && index > 0) ? "line" : "bar";
    return {
      grid: {
        left: 4,
        right: isSliced ? 20 : 4,
        top: data.metrics.length > 1 ? 36 : 12,
        bottom: 4,
        containLabel: true,
      },
      legend: { show: data.metrics.length > 1, type: "scroll" },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: isSliced ? values : names,
      yAxis: isSliced ? names : values,
      series: data.metrics.map((metric, index) => {
        const axis = units.indexOf(metric.unit);
        return {
          name: metric.name,
          type: mark(axis),
          [isSliced ? "xAxisIndex" : "yAxisIndex"]: axis,
          barMaxWidth: 18,
          symbolSize: 6,
          cursor: "pointer",
          connectNulls: false,
          tooltip: {
            valueFormatter: (value: number | null | undefined) => text.exact(value, metric.unit),
          },
          data: shown.map((line) => line.cells[index]?.value ?? null),
        };
      }),
    };
  }, [data, shown, isSliced, tile.kind, text, isPhone]);
  return (
    <>
      <Chart
        key={i18n.language}
        option={option}
        height={height}
        label={title}
        onClick={({ seriesIndex, dataIndex }) => {
          const metric = data.metrics[seriesIndex];
          const line = shown[dataIndex];
          const row = line?.cells[seriesIndex];
          if (metric && row) explain({ row, metric, question, whose: line?.name });
        }}
      />
      {shown.length < lines.length ? (
        <p className={styles.note}>
          {t("dashboard:pipeline.others", { count: lines.length - shown.length })}
        </p>
      ) : null}
    </>
  );
}
