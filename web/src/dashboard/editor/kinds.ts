import type { Breakdown, Tile } from "../figures";

type Kind = Tile["kind"];
type Size = NonNullable<Tile["size"]>;
export type PanelName = NonNullable<Tile["panel"]>;

/** Kinds in the order in which they are offered. */
export const kinds: Kind[] = [
  "number",
  "line",
  "bar",
  "table",
  "leaderboard",
  "funnel",
  "heat_map",
  "cohort",
  "panel",
];

export const panels: PanelName[] = ["stages", "pipeline", "losses", "receivables"];

/** How many metrics a kind has at most; the server holds it to the same. */
export function metricsMax(kind: Kind): number {
  if (kind === "line" || kind === "bar") return 6;
  if (kind === "table") return 12;
  return kind === "number" || kind === "leaderboard" || kind === "heat_map" ? 1 : 0;
}

export function sizesOf(kind: Kind): Size[] {
  const canBeSmall = ["number", "funnel", "leaderboard", "table"].includes(kind);
  return canBeSmall ? ["small", "medium", "large"] : ["medium", "large"];
}

export function breakdownsOf(kind: Kind): Breakdown[] {
  if (kind === "leaderboard") return ["person", "team"];
  return kind === "bar" || kind === "table"
    ? ["person", "team", "class", "region", "product_line", "product"]
    : [];
}

export const hasPeriods = (kind: Kind) => ["number", "line", "bar", "cohort"].includes(kind);
export const isCompared = (kind: Kind) => kind === "number" || kind === "table";
export const hasLength = (tile: Tile) => tile.panel !== "pipeline" && tile.panel !== "receivables";

/** The tile without what its kind has no use for. */
export function fitted(tile: Tile): Tile {
  const { kind } = tile;
  const size = tile.size ?? "medium";
  const by = tile.by && breakdownsOf(kind).includes(tile.by) ? tile.by : undefined;
  const sizes = sizesOf(kind);
  return {
    kind,
    title: tile.title?.trim() || undefined,
    metrics: metricsMax(kind) > 0 ? tile.metrics?.slice(0, metricsMax(kind)) : undefined,
    panel: kind === "panel" ? (tile.panel ?? panels[0]) : undefined,
    length: hasLength(tile) ? (tile.length ?? undefined) : undefined,
    periods: hasPeriods(kind) && !by ? (tile.periods ?? undefined) : undefined,
    compare: isCompared(kind) && !by ? tile.compare : undefined,
    by,
    slice: kind === "panel" ? undefined : tile.slice,
    size: sizes.includes(size) ? size : (sizes[0] ?? "medium"),
  };
}
