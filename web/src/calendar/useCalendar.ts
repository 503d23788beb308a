import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Labels } from "@/api/types";
import { questionOf, type Show, type Whose } from "./question";

/** What takes somebody's time. Without an `id` the caller may not know what it is. */
export type Entry = {
  id?: string;
  version?: number;
  person_id: string;
  starts_at: string;
  ends_at: string;
  is_all_day: boolean;
  is_busy_only: boolean;
  kind_id?: string | null;
  state?: "planned" | "moved" | "done";
  subject?: string | null;
  owner_id?: string | null;
  customer_id?: string | null;
  series_id?: string | null;
  due_on?: string | null;
  can?: string[];
};

export type Holiday = { day: string; name: string; is_working: boolean };

export type Calendar = {
  /** `can` holds `create` where the caller may plan something. */
  people: { id: string; name: string; can?: string[] }[];
  entries: Entry[];
  labels: Labels;
  holidays: Holiday[];
};

/** Beside the lists of activities, so that live changes reach it. */
export const calendarKey = [...keys.lists("activities"), "calendar"] as const;

export function useCalendar(show: Show, day: string, whose: Whose) {
  const query = questionOf(show, day, whose);
  return useQuery({
    queryKey: [...calendarKey, query],
    queryFn: ({ signal }) => api.get<Calendar>("/calendar", query, signal),
    placeholderData: keepPreviousData,
  });
}

/** Whether the person may put it to another time. */
export const isMovable = (entry: Entry) =>
  entry.id !== undefined &&
  !entry.due_on &&
  (entry.state === "planned" || entry.state === "moved") &&
  (entry.can?.includes("edit") ?? false);
