import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo } from "react";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { anchorOf, daysOf, periodWith } from "./period";

export type Figures = Schemas["ToldFigures"];
export type FigureRow = Schemas["FigureRow"];
export type Metric = Schemas["ToldMetric"];
export type Breakdown = Schemas["Breakdown"];
export type Compared = Schemas["ComparedFigure"];
export type Tile = Schemas["Tile"];
export type Slice = NonNullable<Tile["slice"]>;

/** What `/api/figures` is asked; always up to today, since what lies ahead is no figure yet. */
export type Question = Slice & {
  metrics: string[];
  period: string;
  periods?: number;
  compare?: string;
  by?: Breakdown;
};

/** What the whole dashboard is looked at for. */
export type Look = {
  period: string;
  slice: Pick<Slice, "team_id" | "person_id">;
  today: string;
  /** The fiscal year's first month, 1 to 12. */
  fiscalMonth: number;
};

/** The period that a tile shows. */
export function periodOf(tile: Tile, look: Look): string {
  if (!tile.length) return look.period;
  const anchor = anchorOf(look.period, look.today, look.fiscalMonth);
  return periodWith(tile.length, anchor, look.fiscalMonth);
}

/** Periods of a number's small course and of a chart, unless the tile says how many. */
const course = 8;
const chart = 12;
const months = 6;
/** Days of a heat map: those of a week or month, else the last month's. */
const days_max = 31;

/** Levels from wide to narrow, as the metrics of customers that reached them are called. */
export const levels = ["prospect", "target", "engaged", "intention", "won"] as const;
export const conversions = [
  "conversion_prospect_target",
  "conversion_target_engaged",
  "conversion_engaged_intention",
  "conversion_intention_won",
] as const;
const reached = levels.map((level) => `customers_${level}`);

/** The day that a heat map ends with, and how many it has. */
export function daysShown(period: string, look: Look): { last: string; count: number } {
  const { from, to } = daysOf(period, look.fiscalMonth);
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  if (count <= days_max) return { last: to, count };
  const anchor = anchorOf(period, look.today, look.fiscalMonth);
  const month = daysOf(periodWith("month", anchor));
  return { last: month.to, count: Number(month.to.slice(8)) };
}

/** What a tile asks of the figures, the main question first. */
export function questionsOf(tile: Tile, look: Look): Question[] {
  const period = periodOf(tile, look);
  const metrics = tile.metrics ?? [];
  const slice = { ...look.slice, ...tile.slice };
  const base = { ...slice, metrics, period };
  const compare = tile.compare?.length ? tile.compare.join(",") : undefined;
  switch (tile.kind) {
    case "number":
      return [
        { ...base, compare },
        { ...base, periods: tile.periods ?? course },
      ];
    case "line":
    case "bar":
      return [tile.by ? { ...base, by: tile.by } : { ...base, periods: tile.periods ?? chart }];
    case "table":
      return [
        {
          ...base,
          by: tile.by ?? undefined,
          compare: tile.by ? undefined : (compare ?? "previous"),
        },
      ];
    case "leaderboard":
      return [{ ...base, by: tile.by ?? "person" }];
    case "funnel":
      return [{ ...base, metrics: [...reached, ...conversions] }];
    case "cohort": {
      const anchor = anchorOf(period, look.today, look.fiscalMonth);
      const monthly = { ...base, period: periodWith("month", anchor) };
      return [
        { ...monthly, metrics: [...reached, ...conversions], periods: tile.periods ?? months },
      ];
    }
    case "heat_map": {
      // The period first: it tells how many people there are to tell apart.
      return [{ ...base, by: "person" }];
    }
    default:
      return [];
  }
}

const keyOf = ({ metrics: _, ...rest }: Question) => JSON.stringify(rest, Object.keys(rest).sort());

/** Questions that differ in their metrics only are asked as one; by what they have in common. */
export type Merged = Map<string, string[]>;

/** Figures of one question that the server answers; beyond, each tile asks for itself. */
const figures_max = 600;
const metrics_max = 50;

export function merge(questions: Question[]): Merged {
  const merged: Merged = new Map();
  for (const question of questions) {
    const key = keyOf(question);
    const known = merged.get(key) ?? [];
    const all = [...new Set([...known, ...question.metrics])];
    const isTooMuch =
      all.length > metrics_max || all.length * (question.periods ?? 1) > figures_max;
    if (!isTooMuch) merged.set(key, all);
  }
  return merged;
}

export const MergedContext = createContext<Merged>(new Map());

function useAnswer(question: Question, isWanted: boolean) {
  const { metrics, ...rest } = question;
  return useQuery({
    queryKey: ["figures", keyOf(question), metrics.join()],
    queryFn: ({ signal }) =>
      api.get<Figures>("/figures", { ...rest, metrics: metrics.join(), to_date: true }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    enabled: isWanted && metrics.length > 0,
  });
}

/** The figures of a question, asked together with those of the other tiles. */
export function useFigures(question: Question, isWanted = true) {
  const merged = useContext(MergedContext);
  const together = merged.get(keyOf(question)) ?? [];
  const isShared =
    together.length > question.metrics.length &&
    question.metrics.every((code) => together.includes(code));
  const shared = useAnswer({ ...question, metrics: together }, isWanted && isShared);
  // One that can't be answered takes the others with it; then each is asked by itself.
  const own = useAnswer(question, isWanted && (!isShared || shared.isError));
  const answer = isShared && !shared.isError ? shared : own;
  const codes = question.metrics.join();
  const data = useMemo(() => {
    if (!answer.data) return undefined;
    const wanted = codes.split(",");
    const of = (code: string) => wanted.includes(code);
    return {
      ...answer.data,
      metrics: wanted.flatMap(
        (code) => answer.data.metrics.find((metric) => metric.code === code) ?? [],
      ),
      rows: answer.data.rows.filter((row) => of(row.metric)),
      peers: answer.data.peers.filter((peer) => of(peer.metric)),
    };
  }, [answer.data, codes]);
  return { data, error: answer.error, isError: answer.isError, refetch: answer.refetch };
}

/**
 * The figures of what a breakdown tells apart. Who sees one of the upper teams only is shown what that one is made of.
 */
export function useFiguresBy(question: Question) {
  const whole = useFigures(question);
  const keys = new Set(whole.data?.rows.map((row) => row.key));
  const [only] = keys;
  const isOne = question.by === "team" && !question.team_id && keys.size === 1;
  const within = { ...question, team_id: isOne ? (only ?? undefined) : question.team_id };
  const inside = useFigures(within, isOne);
  return isOne && inside.data
    ? { figures: inside, question: within }
    : { figures: whole, question };
}

/** Where the same figures lie as a file. */
export function fileOf(question: Question, format: "csv" | "xlsx"): string {
  const { metrics, ...rest } = question;
  const query = new URLSearchParams({ metrics: metrics.join(), to_date: "true", format });
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  return `/api/figures/export?${query}`;
}
