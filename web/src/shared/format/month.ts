/** Calendar arithmetic on days as `YYYY-MM-DD`; months as `YYYY-MM`. Weeks begin on Monday. */

import { addDays } from "./zone";

const date = (day: string) => new Date(`${day}T00:00:00Z`);
const text = (value: Date) => value.toISOString().slice(0, 10);

export function addMonths(month: string, count: number): string {
  const value = date(`${month}-01`);
  value.setUTCMonth(value.getUTCMonth() + count);
  return text(value).slice(0, 7);
}

/** 0 for Monday to 6 for Sunday. */
export const weekday = (day: string) => (date(day).getUTCDay() + 6) % 7;

export function isMonth(value: string | null): value is string {
  return value !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(value);
}

/** The whole weeks that a month touches. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`;
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const weeks: string[][] = [];
  for (let monday = addDays(first, -weekday(first)); monday <= last; monday = addDays(monday, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(monday, index)));
  }
  return weeks;
}
