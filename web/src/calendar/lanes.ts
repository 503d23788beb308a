import { dayOf } from "@/shared/format/date";
import { addDays, timeOf } from "@/shared/format/zone";
import type { Entry } from "./useCalendar";

export const day_minutes = 24 * 60;
/** Shorter ones are shown as if they took this long, so that they can be read and touched. */
const shown_minutes = 25;

/** The part of an entry that falls on one day, in minutes from midnight. */
export type Piece = { entry: Entry; from: number; until: number };
/** A piece with its place beside those of the same time. */
export type Placed = Piece & { lane: number; lanes: number };

export function minuteOf(instant: string, timeZone: string): number {
  const [hours, minutes] = timeOf(instant, timeZone).split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** Days on which the entry takes place, in the person's time zone. What ends at midnight isn't on the next day. */
export function daysOfEntry(entry: Entry, timeZone: string): { first: string; last: string } {
  const first = dayOf(new Date(entry.starts_at), timeZone);
  const end = dayOf(
    new Date(Math.max(Date.parse(entry.ends_at) - 1, Date.parse(entry.starts_at))),
    timeZone,
  );
  return { first, last: end < first ? first : end };
}

export const isOn = (entry: Entry, day: string, timeZone: string) => {
  const { first, last } = daysOfEntry(entry, timeZone);
  return first <= day && day <= last;
};

/** The timed pieces of the day. */
export function piecesOf(entries: Entry[], day: string, timeZone: string): Piece[] {
  return entries
    .filter((entry) => !entry.is_all_day && isOn(entry, day, timeZone))
    .map((entry) => {
      const { first } = daysOfEntry(entry, timeZone);
      const endDay = dayOf(new Date(entry.ends_at), timeZone);
      const from = first === day ? minuteOf(entry.starts_at, timeZone) : 0;
      const until = endDay === day ? minuteOf(entry.ends_at, timeZone) : day_minutes;
      return { entry, from, until: Math.max(until, from) };
    });
}

/** Puts what overlaps side by side: each group of overlapping pieces shares the width. */
export function place(pieces: Piece[]): Placed[] {
  const sorted = [...pieces].sort((a, b) => a.from - b.from || b.until - a.until);
  const placed: Placed[] = [];
  let group: Placed[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const piece of group) piece.lanes = ends.length;
    placed.push(...group);
    group = [];
    ends = [];
  };
  for (const piece of sorted) {
    if (ends.every((end) => end <= piece.from)) close();
    const free = ends.findIndex((end) => end <= piece.from);
    const lane = free >= 0 ? free : ends.length;
    ends[lane] = Math.max(piece.until, piece.from + shown_minutes);
    group.push({ ...piece, lane, lanes: 1 });
  }
  close();
  return placed;
}

/** Entries that stand above the hours: whole days and what is due. */
export const wholeDayOf = (entries: Entry[], day: string, timeZone: string) =>
  entries.filter((entry) => entry.is_all_day && isOn(entry, day, timeZone));

/** Both in minutes, rounded to the step in which people plan. */
export const snap = (minutes: number, step = 15) => Math.round(minutes / step) * step;

/** Another day and minute of the day; what goes over midnight lands on the next day. */
export function shifted(day: string, minute: number): { day: string; minute: number } {
  const days = Math.floor(minute / day_minutes);
  return { day: addDays(day, days), minute: minute - days * day_minutes };
}
