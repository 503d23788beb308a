/** The periods that a dashboard can be asked for; days as `YYYY-MM-DD`, both ends inclusive. */

export const spans = [
  "this_month",
  "this_quarter",
  "this_year",
  "last_12_months",
  "last_year",
] as const;
export type Span = (typeof spans)[number];

export type Period = { from: string; to: string };

const iso = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** The period that a span means on a day; what lies ahead belongs to it, since deals may be dated so. */
export function periodOf(span: Span, today: string): Period {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  switch (span) {
    case "this_month":
      return { from: iso(year, month, 1), to: iso(year, month + 1, 0) };
    case "this_quarter": {
      const first = month - (month % 3);
      return { from: iso(year, first, 1), to: iso(year, first + 3, 0) };
    }
    case "this_year":
      return { from: iso(year, 0, 1), to: iso(year, 11, 31) };
    case "last_year":
      return { from: iso(year - 1, 0, 1), to: iso(year - 1, 11, 31) };
    default:
      return { from: iso(year, month - 11, 1), to: iso(year, month + 1, 0) };
  }
}
