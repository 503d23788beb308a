/** Dates as people say them. Days (`2026-11-03`) have no time zone; instants are shown in the person's. */

import { dateFormat } from "./formatters";

type Words = { today: string; yesterday: string; tomorrow: string };

const words: Record<"zh" | "en", Words> = {
  zh: { today: "今天", yesterday: "昨天", tomorrow: "明天" },
  en: { today: "Today", yesterday: "Yesterday", tomorrow: "Tomorrow" },
};

const wordsOf = (language: string) => words[language.startsWith("zh") ? "zh" : "en"];

/** The day (`YYYY-MM-DD`) on which an instant falls in a time zone. */
export function dayOf(instant: Date, timeZone: string): string {
  const parts = dateFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Days since 1970, so that two of them tell their distance. */
export const dayNumber = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);

function calendarDay(day: string, today: string, language: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return dateFormat(language, {
    timeZone: "UTC",
    year: day.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric",
    month: language.startsWith("zh") ? "long" : "short",
    day: "numeric",
  }).format(date);
}

/** `今天`, `昨天`, `明天`, `11月3日`, `2025年11月3日`. */
export function sayDay(day: string, today: string, language: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
  const distance = dayNumber(day) - dayNumber(today);
  const said = wordsOf(language);
  if (distance === 0) return said.today;
  if (distance === -1) return said.yesterday;
  if (distance === 1) return said.tomorrow;
  return calendarDay(day, today, language);
}

/** `今天 14:30`, `昨天 09:10`, `11月3日`. */
export function sayInstant(instant: string, now: Date, timeZone: string, language: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const today = dayOf(now, timeZone);
  const day = dayOf(date, timeZone);
  const text = sayDay(day, today, language);
  if (Math.abs(dayNumber(day) - dayNumber(today)) > 1) return text;
  const time = dateFormat(language, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
  // Midnight stands for the day as a whole: nobody means the hour.
  return time === "00:00" ? text : `${text} ${time}`;
}

/** In full, for the hover: `2026年11月3日星期二 14:30:05`. */
export function exactInstant(instant: string, timeZone: string, language: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dateFormat(language, {
    timeZone,
    dateStyle: "full",
    timeStyle: "medium",
    hourCycle: "h23",
  }).format(date);
}

export function exactDay(day: string, language: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return dateFormat(language, { timeZone: "UTC", dateStyle: "full" }).format(date);
}

/** With the day of the week, as a page's title: `11月24日周二`, `Tue, Nov 24`. */
export function weekday(day: string, language: string): string {
  return dateFormat(language, {
    timeZone: "UTC",
    weekday: "short",
    month: language.startsWith("zh") ? "long" : "short",
    day: "numeric",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** `周二`, `Tue`. */
export function weekdayName(day: string, language: string): string {
  return dateFormat(language, { timeZone: "UTC", weekday: "short" }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
