import type { Query } from "@/api/request";
import type { Me } from "@/api/types";
import { dayOf } from "@/shared/format/date";
import { weekday, weeksOf } from "@/shared/format/month";
import { addDays } from "@/shared/format/zone";

export const shows = ["day", "week", "month", "agenda"] as const;
export type Show = (typeof shows)[number];

/** Days of an agenda, from the chosen one on. */
const agenda_days = 14;

/** The days that a way of showing covers, first and last included. */
export function stretchOf(show: Show, day: string): { from: string; until: string } {
  switch (show) {
    case "day":
      return { from: day, until: day };
    case "week": {
      const from = addDays(day, -weekday(day));
      return { from, until: addDays(from, 6) };
    }
    case "month": {
      const weeks = weeksOf(day.slice(0, 7));
      return { from: weeks[0]?.[0] ?? day, until: weeks.at(-1)?.at(-1) ?? day };
    }
    case "agenda":
      return { from: day, until: addDays(day, agenda_days - 1) };
  }
}

export function daysOf({ from, until }: { from: string; until: string }): string[] {
  const days: string[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) days.push(day);
  return days;
}

/** Whose calendar: one's own, that of some people, or that of a team. */
export type Whose = { people?: string[]; team_id?: string };

export function questionOf(show: Show, day: string, whose: Whose): Query {
  return {
    ...stretchOf(show, day),
    people: whose.people?.length ? whose.people.join(",") : undefined,
    team_id: whose.team_id,
  };
}

/** What the person's own calendar asks first, so that it can be asked ahead of need. */
export function ownQuery(show: Show, me: Me): { path: string; query: Query } {
  const today = dayOf(new Date(), me.person.time_zone || "Asia/Shanghai");
  return { path: "/calendar", query: questionOf(show, today, {}) };
}
