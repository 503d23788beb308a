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

/** When it began according to the record: at the check-in, else as planned, if that is past. */
function begunAt(row: Row | undefined): string | undefined {
  const begun = row?.checked_in_at ?? row?.planned_start_at;
  return begun && Date.parse(String(begun)) < serverNow().getTime() - 60_000
    ? String(begun)
    : undefined;
}

/** When a deed most likely was: as the record says, else just now. */
export function deedSpan(row: Row | undefined, usual: number, timeZone: string): Span {
  const begun = begunAt(row);
  if (begun) {
    const isPlan = begun === row?.planned_start_at && row.planned_end_at;
    const until = isPlan
      ? Date.parse(String(row.planned_end_at))
      : Date.parse(begun) + usual * 60_000;
    const minutes = minutesBetween(begun, new Date(Math.min(until, serverNow().getTime())));
    return spanOf(begun, addMinutes(begun, Math.max(5, minutes)), usual, timeZone);
  }
  const start = new Date(Math.floor((serverNow().getTime() - usual * 60_000) / step_ms) * step_ms);
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

/**
 * The instants of a deed as the API takes them: it is over by now, whatever its usual length. Nothing when the record
 * knows them better.
 */
export function deedInstants(
  chosen: Span | null,
  row: Row | undefined,
  span: Span,
  timeZone: string,
) {
  if (!chosen && begunAt(row)) return {};
  const { from, until } = instantsOf(span, timeZone);
  const now = serverNow().toISOString();
  return { started_at: from, ended_at: until > now && from <= now ? now : until };
}
