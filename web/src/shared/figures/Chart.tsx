import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useScheme } from "@/app/theme/scheme";
import { chartColours } from "@/app/theme/tokens";
import styles from "./figures.module.css";

use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  AriaComponent,
  SVGRenderer,
]);

const thin = "rgb(255 255 255 / 32%)";
/** Patterns that tell the series apart without colour, calm enough to read bars by. */
const decals = [
  { symbol: "none" },
  { color: thin, dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: Math.PI / 4 },
  {
    color: thin,
    symbol: "circle",
    symbolSize: 0.7,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [5, 0],
  },
  { color: thin, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { color: thin, dashArrayX: [1, 0], dashArrayY: [2, 4] },
  {
    color: thin,
    symbol: "rect",
    symbolSize: 0.6,
    dashArrayX: [
      [5, 5],
      [0, 5, 5, 0],
    ],
    dashArrayY: [5, 0],
  },
];

export type ChartClick = { seriesIndex: number; dataIndex: number };

type AxisOption = { axisLabel?: object; splitLine?: object };

type Props = {
  option: EChartsCoreOption;
  /** In px. */
  height: number;
  label: string;
  onClick?: (click: ChartClick) => void;
};

/** A chart in the product's colours, with patterns beside colours; loaded only where one is shown. */
export default function Chart({ option, height, label, onClick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useScheme();
  const click = useRef(onClick);
  click.current = onClick;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const chart = init(element, null, { renderer: "svg" });
    const axis = {
      axisLine: { lineStyle: { color: colour("line-strong") } },
      axisTick: { show: false },
      axisLabel: { color: colour("text-soft") },
      splitLine: { lineStyle: { color: colour("line") } },
    };
    const one = (given: AxisOption) => ({
      ...axis,
      ...given,
      axisLabel: { ...axis.axisLabel, ...given.axisLabel },
      splitLine: { ...axis.splitLine, ...given.splitLine },
    });
    const withAxis = (given: unknown) =>
      Array.isArray(given) ? given.map(one) : one((given ?? {}) as AxisOption);
    chart.setOption({
      animation: false,
      color: chartColours(scheme),
      textStyle: { fontFamily: style.fontFamily, fontSize: 12 },
      aria: { enabled: true, label: { description: label }, decal: { show: true, decals } },
      ...option,
      tooltip: {
        backgroundColor: colour("raised"),
        borderColor: colour("line"),
        textStyle: { color: colour("text"), fontSize: 13 },
        confine: true,
        ...(option.tooltip as object),
      },
      legend: {
        top: 0,
        left: 0,
        icon: "roundRect",
        itemWidth: 14,
        itemHeight: 10,
        textStyle: { color: colour("text-soft") },
        ...(option.legend as object),
      },
      xAxis: withAxis(option.xAxis),
      yAxis: withAxis(option.yAxis),
    });
    chart.on("click", (event) =>
      click.current?.({ seriesIndex: event.seriesIndex ?? 0, dataIndex: event.dataIndex }),
    );
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, scheme, label]);
  return (
    <div ref={box} className={styles.chart} style={{ height }} role="img" aria-label={label} />
  );
}
