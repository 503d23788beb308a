import { dateFormat } from "./formatters";

/** Milliseconds that the clocks of a time zone are ahead of UTC at an instant. */
function offset_ms(instant_ms: number, timeZone: string): number {
  const parts = dateFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant_ms);
  const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - Math.floor(instant_ms / 1000) * 1000;
}

/** The instant at which the clocks of a time zone show this day and time (`HH:mm`). */
export function instantAt(day: string, time: string, timeZone: string): string {
  const asIfUtc = Date.parse(`${day}T${time}:00Z`);
  const first = asIfUtc - offset_ms(asIfUtc, timeZone);
  // Near a change of the clocks the offset is another one at the instant itself.
  return new Date(asIfUtc - offset_ms(first, timeZone)).toISOString();
}

/** What the clocks of a time zone show at an instant: `HH:mm`. */
export function timeOf(instant: string, timeZone: string): string {
  return dateFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** Another day, so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export const addMinutes = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
