/** Periods as `/api/figures` writes them: `2026-03-09`, `2026-W11`, `2026-03`, `2026-Q1`, `2026-H1`, `2026`, `FY2026`. */
import type { Schemas } from "@/api/types";
import { dateFormat } from "@/shared/format/formatters";
import { addDays } from "@/shared/format/zone";

export type Length = Schemas["TileLength"];

export const lengths: Length[] = ["day", "week", "month", "quarter", "half", "year", "fiscal_year"];

const shapes: [Length, RegExp][] = [
  ["day", /^(\d{4})-(\d\d)-(\d\d)$/],
  ["week", /^(\d{4})-W(\d\d)$/],
  ["month", /^(\d{4})-(0[1-9]|1[0-2])$/],
  ["quarter", /^(\d{4})-Q([1-4])$/],
  ["half", /^(\d{4})-H([12])$/],
  ["year", /^(\d{4})$/],
  ["fiscal_year", /^FY(\d{4})$/],
];

/** Months that make it up; those of days and weeks are none. */
const monthsOf: Partial<Record<Length, number>> = {
  month: 1,
  quarter: 3,
  half: 6,
  year: 12,
  fiscal_year: 12,
};

export function lengthOf(period: string | null): Length | undefined {
  return shapes.find(([, shape]) => period !== null && shape.test(period))?.[0];
}

const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const two = (number: number) => String(number).padStart(2, "0");

const monday = (day: string) => addDays(day, -((utc(day).getUTCDay() + 6) % 7));

/** Months since the year 0 of a day, and the first day of so many months. */
const monthNumber = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const firstOf = (months: number) => `${Math.floor(months / 12)}-${two((months % 12) + 1)}-01`;

/** The period of a length in which a day lies. `fiscalMonth` is the fiscal year's first, 1 to 12. */
export function periodWith(length: Length, day: string, fiscalMonth = 1): string {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  switch (length) {
    case "day":
      return day;
    case "week": {
      // A week belongs to the year of its Thursday.
      const thursday = addDays(monday(day), 3);
      const first = monday(`${thursday.slice(0, 4)}-01-04`);
      const weeks = (utc(monday(day)).getTime() - utc(first).getTime()) / (7 * 86_400_000);
      return `${thursday.slice(0, 4)}-W${two(weeks + 1)}`;
    }
    case "month":
      return day.slice(0, 7);
    case "quarter":
      return `${year}-Q${Math.ceil(month / 3)}`;
    case "half":
      return `${year}-H${Math.ceil(month / 6)}`;
    case "year":
      return String(year);
    case "fiscal_year":
      return `FY${month >= fiscalMonth ? year : year - 1}`;
  }
}

/** First and last day of a period that `lengthOf` knows. */
export function daysOf(period: string, fiscalMonth = 1): { from: string; to: string } {
  for (const [length, shape] of shapes) {
    const parts = shape.exec(period);
    if (!parts) continue;
    const year = Number(parts[1]);
    const second = Number(parts[2]);
    if (length === "day") return { from: period, to: period };
    if (length === "week") {
      const from = addDays(monday(`${year}-01-04`), (second - 1) * 7);
      return { from, to: addDays(from, 6) };
    }
    const months = monthsOf[length] ?? 1;
    const into = length === "fiscal_year" ? fiscalMonth - 1 : ((second || 1) - 1) * months;
    const first = year * 12 + into;
    return { from: firstOf(first), to: addDays(firstOf(first + months), -1) };
  }
  return { from: period, to: period };
}

/** The period of the same length so many later. */
export function shifted(period: string, count: number, fiscalMonth = 1): string {
  const length = lengthOf(period) ?? "month";
  const { from } = daysOf(period, fiscalMonth);
  const months = monthsOf[length];
  if (months) {
    return periodWith(length, firstOf(monthNumber(from) + count * months), fiscalMonth);
  }
  return periodWith(length, addDays(from, count * (length === "week" ? 7 : 1)), fiscalMonth);
}

/** The period of another length around a day: today if the shown period has it, else the shown one's last day. */
export function anchorOf(period: string, today: string, fiscalMonth = 1): string {
  const { from, to } = daysOf(period, fiscalMonth);
  return today >= from && today < to ? today : to;
}

type Words = (key: string, params: Record<string, unknown>) => string;

/** A period as people say it; `short` for axes. */
export function periodName(period: string, language: string, t: Words, short = false): string {
  const length = lengthOf(period);
  const day = (value: string, options: Intl.DateTimeFormatOptions) =>
    dateFormat(language, { timeZone: "UTC", ...options }).format(utc(value));
  const year = period.replace("FY", "").slice(0, 4);
  switch (length) {
    case "day":
      return short
        ? day(period, { month: "numeric", day: "numeric" })
        : day(period, { year: "numeric", month: "short", day: "numeric" });
    case "month":
      return day(`${period}-01`, {
        year: short ? "2-digit" : "numeric",
        month: short && language === "en" ? "short" : "long",
      });
    case "week":
    case "quarter":
    case "half": {
      const form = short ? "short" : "long";
      const number = Number(period.slice(6));
      return t(`dashboard:periods.${length}.${form}`, { year, number });
    }
    case "fiscal_year":
      return t("dashboard:periods.fiscal_year", { year });
    case "year":
      return t("dashboard:periods.year", { year });
    default:
      return period;
  }
}

export const isDay = (period: string) => lengthOf(period) === "day";
/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: string) => utc(day).getUTCDay();
