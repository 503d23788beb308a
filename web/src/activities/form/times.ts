import { serverNow } from "@/api/request";
import type { Row } from "@/api/types";
import { dayOf } from "@/shared/format/date";
import { addMinutes, instantAt, timeOf } from "@/shared/format/zone";

/** A span as people choose it: a day, when it begins, and how long it takes in minutes. */
export type Span = { day: string; start: string; minutes: number };

const step_ms = 5 * 60_000;

const minutesBetween = (from: unknown, until: unknown) =>
  Math.round((Date.parse(String(until)) - Date.parse(String(from))) / 60_000);

/** The span between two instants; the usual length where the second isn't known. */
export function spanOf(from: string, until: unknown, usual: number, timeZone: string): Span {
  const minutes = until ? minutesBetween(from, until) : usual;
  return {
    day: dayOf(new Date(from), timeZone),
    start: timeOf(from, timeZone),
    minutes: minutes > 0 ? minutes : usual,
  };
}

/** When a deed most likely was: at its planned time if that is over, else just now. */
export function deedSpan(row: Row | undefined, usual: number, timeZone: string): Span {
  const now = serverNow().getTime();
  const planned = row?.planned_start_at ? String(row.planned_start_at) : undefined;
  const checkedIn = row?.checked_in_at ? String(row.checked_in_at) : undefined;
  const begun = checkedIn ?? planned;
  if (begun && Date.parse(begun) < now - 60_000) {
    const minutes =
      checkedIn || !row?.planned_end_at
        ? Math.min(usual, Math.max(5, minutesBetween(begun, new Date(now))))
        : minutesBetween(begun, row.planned_end_at);
    return spanOf(begun, addMinutes(begun, minutes), usual, timeZone);
  }
  const start = new Date(Math.floor((now - usual * 60_000) / step_ms) * step_ms);
  return spanOf(start.toISOString(), undefined, usual, timeZone);
}

/** The next full half hour within the working day. */
export function planSpan(day: string, today: string, usual: number, timeZone: string): Span {
  if (day !== today) return { day, start: "09:30", minutes: usual };
  const half_ms = 30 * 60_000;
  const next = new Date(Math.ceil((serverNow().getTime() + half_ms) / half_ms) * half_ms);
  const isToday = dayOf(next, timeZone) === today;
  return { day, start: isToday ? timeOf(next.toISOString(), timeZone) : "09:30", minutes: usual };
}

export function instantsOf({ day, start, minutes }: Span, timeZone: string) {
  const from = instantAt(day, start, timeZone);
  return { from, until: addMinutes(from, minutes) };
}

/** The instants of a deed: it is over by now, whatever its usual length. */
export function deedInstants(span: Span, timeZone: string) {
  const { from, until } = instantsOf(span, timeZone);
  const now = serverNow().toISOString();
  return { started_at: from, ended_at: until > now && from <= now ? now : until };
}
