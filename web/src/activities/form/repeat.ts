import { weekday } from "@/shared/format/month";
import { addDays } from "@/shared/format/zone";

/** How often something comes again, as people choose it. Weekdays are 0 for Monday to 6 for Sunday. */
export type Repeat = {
  freq: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  /** Every so many days, weeks, months or years. */
  interval: number;
  weekdays: number[];
  end: { kind: "never" } | { kind: "until"; day: string } | { kind: "count"; count: number };
};

const codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** What is offered first: the same weekday each week. */
export const weeklyOn = (day: string): Repeat => ({
  freq: "WEEKLY",
  interval: 1,
  weekdays: [weekday(day)],
  end: { kind: "never" },
});

/** The rule as RFC 5545 writes it; `UNTIL` as a day. The first time is on `day`. */
export function rruleOf(repeat: Repeat, day: string): string {
  const parts = [`FREQ=${repeat.freq}`];
  if (repeat.interval > 1) parts.push(`INTERVAL=${repeat.interval}`);
  if (repeat.freq === "WEEKLY" && repeat.weekdays.length > 0) {
    const sorted = [...new Set(repeat.weekdays)].sort((a, b) => a - b);
    parts.push(`BYDAY=${sorted.map((one) => codes[one]).join(",")}`);
  }
  if (repeat.freq === "MONTHLY") parts.push(`BYMONTHDAY=${Number(day.slice(8))}`);
  if (repeat.end.kind === "until") parts.push(`UNTIL=${repeat.end.day.replaceAll("-", "")}`);
  if (repeat.end.kind === "count") parts.push(`COUNT=${repeat.end.count}`);
  return parts.join(";");
}

/** The rule as people chose it; undefined for one that says more than they can choose here. */
export function repeatOf(rrule: string): Repeat | undefined {
  const parts = new Map(
    rrule.split(";").map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name, value] as const;
    }),
  );
  const known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"];
  const freq = parts.get("FREQ");
  if ([...parts.keys()].some((name) => !known.includes(name))) return undefined;
  if (freq !== "DAILY" && freq !== "WEEKLY" && freq !== "MONTHLY" && freq !== "YEARLY") {
    return undefined;
  }
  const days = parts.get("BYDAY")?.split(",") ?? [];
  const weekdays = days.map((code) => codes.indexOf(code as (typeof codes)[number]));
  if (weekdays.includes(-1) || (days.length > 0 && freq !== "WEEKLY")) return undefined;
  const until = parts.get("UNTIL")?.match(/^(\d{4})(\d{2})(\d{2})/);
  const count = Number(parts.get("COUNT") ?? 0);
  return {
    freq,
    interval: Number(parts.get("INTERVAL") ?? 1),
    weekdays,
    end: until
      ? { kind: "until", day: `${until[1]}-${until[2]}-${until[3]}` }
      : count > 0
        ? { kind: "count", count }
        : { kind: "never" },
  };
}

/** When the chosen day isn't one of the weekdays, it begins on the next that is. */
export function firstDay(repeat: Repeat | null, day: string): string {
  if (repeat?.freq !== "WEEKLY" || repeat.weekdays.length === 0) return day;
  for (let offset = 0; offset < 7; offset += 1) {
    const next = addDays(day, offset);
    if (repeat.weekdays.includes(weekday(next))) return next;
  }
  return day;
}
