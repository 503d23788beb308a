import { addDays } from "@/shared/format/zone";

/** A line as typed, taken apart: what it is, when it is due, whether it matters more than others. */
export type Line = { subject: string; due_on: string; priority: "high" | "normal" };

const weekdays: Record<string, number> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  日: 7,
  天: 7,
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};

const words: [RegExp, (today: string, match: RegExpExecArray) => string][] = [
  [/(?:^|\s)(?:今天|today)(?=\s|$)|^今天/i, (today) => today],
  [/(?:^|\s)(?:后天)(?=\s|$)|^后天/i, (today) => addDays(today, 2)],
  [/(?:^|\s)(?:明天|tomorrow)(?=\s|$)|^明天/i, (today) => addDays(today, 1)],
  [
    /下(?:周|星期)([一二三四五六日天])/,
    (today, match) =>
      addDays(today, toWeekday(today, match[1]) + (isoDay(today) < daysOf(match[1]) ? 7 : 0)),
  ],
  [/(?:周|星期)([一二三四五六日天])/, (today, match) => addDays(today, toWeekday(today, match[1]))],
  [
    /(?:^|\s)(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?(?=\s|$)/i,
    (today, match) => addDays(today, toWeekday(today, match[1]?.toLowerCase())),
  ],
];

const isoDay = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
const daysOf = (name: string | undefined) => weekdays[name ?? ""] ?? 1;

/** Days until the next such day of the week; the same day of the week is a week away. */
function toWeekday(today: string, name: string | undefined): number {
  const distance = daysOf(name) - isoDay(today);
  return distance > 0 ? distance : distance + 7;
}

/** Reads `明天 给海川报价 !`: a day anywhere in the line, an exclamation mark for what matters; today by default. */
export function readLine(text: string, today: string): Line {
  const isUrgent = /[!！]\s*$/.test(text) || /^\s*[!！]/.test(text);
  let subject = text.replace(/^\s*[!！]+|[!！]+\s*$/g, "").trim();
  let due_on = today;
  for (const [pattern, day] of words) {
    const match = pattern.exec(subject);
    if (!match) continue;
    const rest = subject.replace(match[0], " ").replace(/\s+/g, " ").trim();
    // The word may be all that was typed; then it is what is to be done.
    if (!rest) break;
    due_on = day(today, match);
    subject = rest;
    break;
  }
  return { subject, due_on, priority: isUrgent ? "high" : "normal" };
}
