import { useTranslation } from "react-i18next";
import { useCodeTree, useResource } from "@/api/queries";
import { useNames } from "@/shared/resource/names";
import type { Breakdown, FigureRow, Figures } from "./figures";
import type { Line } from "./tiles/FigureTable";
import type { Slicers } from "./useSlicers";

/** What the keys of a breakdown are called, and how one of them is looked at alone. */
export function useBreakdown(by: Breakdown | undefined, slicers: Slicers | undefined) {
  const { t, i18n } = useTranslation("dashboard");
  const names = useNames();
  const classes = useResource("customers")?.fields.find((field) => field.name === "class");
  const divisions = useCodeTree("divisions", by === "region");
  const place = (code: string) => {
    const province = divisions.data?.find((node) => node.code === code.slice(0, 2));
    const node = code.length > 2 ? province?.children?.find((one) => one.code === code) : province;
    return node ? String(i18n.language === "en" ? node.name_en : node.name) : code;
  };
  const nameOf = (key: string | null | undefined, labels: Figures["labels"]) => {
    if (!key) return t(`dashboard:without.${by}`);
    if (by === "class") return classes ? names.choice("customers", classes, key) : key;
    if (by === "region") return place(key);
    return labels[key] ?? "—";
  };
  const pick = (key: string | null | undefined) => {
    if (!key || !slicers) return undefined;
    if (by === "team" && key !== slicers.look.slice.team_id) return () => slicers.setTeam(key);
    if (by === "person" && key !== slicers.look.slice.person_id) {
      return () => slicers.setPerson(key);
    }
    return undefined;
  };
  /** One line for each key that has something, with the figures in the order of the metrics. */
  const linesOf = (data: Figures): Line[] => {
    const byKey = new Map<string, Map<string, FigureRow>>();
    for (const row of data.rows) {
      const key = row.key ?? "";
      const known = byKey.get(key) ?? new Map<string, FigureRow>();
      byKey.set(key, known.set(row.metric, row));
    }
    const isSomething = ([, rows]: [string, Map<string, FigureRow>]) =>
      [...rows.values()].some((row) => row.value);
    return [...byKey].filter(isSomething).map(([key, rows]) => ({
      id: key,
      name: nameOf(key, data.labels),
      onPick: pick(key),
      cells: data.metrics.map((metric) => rows.get(metric.code)),
    }));
  };
  return { nameOf, pick, linesOf };
}
