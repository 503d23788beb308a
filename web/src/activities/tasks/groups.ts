import type { Row } from "@/api/types";
import { addDays } from "@/shared/format/zone";

export const periods = ["overdue", "today", "this_week", "later"] as const;
export type Period = (typeof periods)[number];

/** Monday to Sunday: the last day of the week of `today`. */
function endOfWeek(today: string): string {
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  return addDays(today, weekday === 0 ? 0 : 7 - weekday);
}

/** When a task is due, as people say it; one without a day can wait. */
export function periodOf(due_on: unknown, today: string): Period {
  if (typeof due_on !== "string") return "later";
  if (due_on < today) return "overdue";
  if (due_on === today) return "today";
  return due_on <= endOfWeek(today) ? "this_week" : "later";
}

export function byPeriod(rows: Row[], today: string): { period: Period; rows: Row[] }[] {
  return periods
    .map((period) => ({
      period,
      rows: rows.filter((row) => periodOf(row.due_on, today) === period),
    }))
    .filter((group) => group.rows.length > 0);
}
