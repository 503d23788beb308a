import { expect, test } from "vitest";
import { daysShown, fileOf, type Look, merge, periodOf, questionsOf, type Tile } from "./figures";

const look: Look = { period: "2026-11", slice: {}, today: "2026-11-22", fiscalMonth: 1 };
const number = (metric: string): Tile => ({
  kind: "number",
  metrics: [metric],
  compare: ["previous"],
  size: "small",
});

test("tiles that differ in their metrics only ask together", () => {
  const tiles = [number("visits"), number("won_amount"), number("visits")];
  const merged = merge(tiles.flatMap((tile) => questionsOf(tile, look)));
  expect([...merged.values()]).toEqual([
    ["visits", "won_amount"],
    ["visits", "won_amount"],
  ]);
});

test("another slice, period or comparison is another question", () => {
  const tiles: Tile[] = [
    number("visits"),
    { ...number("visits"), slice: { class: "ordinary" } },
    { ...number("visits"), length: "week" },
    { ...number("visits"), compare: ["last_year"] },
  ];
  expect(merge(tiles.flatMap((tile) => questionsOf(tile, look))).size).toBe(7);
});

test("no more is asked at once than the server answers", () => {
  const tiles = Array.from({ length: 80 }, (_, index) => number(`metric_${index}`));
  for (const metrics of merge(tiles.flatMap((tile) => questionsOf(tile, look))).values()) {
    expect(metrics.length).toBeLessThanOrEqual(50);
  }
});

test("a tile of another length shows the period around today, or around the end of what is over", () => {
  expect(periodOf({ ...number("visits"), length: "week" }, look)).toBe("2026-W47");
  expect(periodOf({ ...number("visits"), length: "week" }, { ...look, period: "2026-10" })).toBe(
    "2026-W44",
  );
});

test("a heat map has the days of its month, and of longer periods those of one month", () => {
  expect(daysShown("2026-02", look)).toEqual({ last: "2026-02-28", count: 28 });
  expect(daysShown("2026-W47", look)).toEqual({ last: "2026-11-22", count: 7 });
  expect(daysShown("2026", look)).toEqual({ last: "2026-11-30", count: 30 });
  expect(daysShown("2025", look)).toEqual({ last: "2025-12-31", count: 31 });
});

test("a file holds what the tile shows", () => {
  const [question] = questionsOf({ kind: "leaderboard", metrics: ["visits"], size: "small" }, look);
  expect(question && fileOf(question, "csv")).toBe(
    "/api/figures/export?metrics=visits&to_date=true&format=csv&period=2026-11&by=person",
  );
});
