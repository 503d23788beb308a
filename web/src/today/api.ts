import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Labels, Row } from "@/api/types";

/** Something worth doing, why, and how to do it with one tap. */
export type Suggestion = {
  rule: string;
  reason: { code: string; params?: Record<string, unknown> };
  resource: string;
  /** None where it is about several; then the list is opened. */
  record_id: string | null;
  label: string;
  action: { kind: "plan" | "open" | "call"; prefill?: Record<string, unknown> };
};

/** One person's day. Instants in UTC, days as `YYYY-MM-DD`. */
export type Day = {
  day: string;
  is_working_day: boolean;
  /** Still to be done, in order. */
  plan: Row[];
  done: Row[];
  /** Due by this day. */
  tasks: Row[];
  /** Planned for an earlier day and neither done nor given up. */
  overdue: Row[];
  /** Opportunities whose next step is due by this day. */
  promises: Row[];
  suggestions: Suggestion[];
  labels: Labels;
};

export const counted = ["first", "presentation", "closing", "return_visit", "other"] as const;
export type Counts = Record<(typeof counted)[number], number>;

export type TeamMember = {
  person_id: string;
  name: string;
  team_id: string | null;
  planned: Counts;
  done: Counts;
  yesterday: { planned: number; done: number };
  has_plan: boolean;
};

export type TeamDay = {
  day: string;
  is_working_day: boolean;
  people: TeamMember[];
  deeds: Row[];
  labels: Labels;
};

// Under the key of the activities' lists, so that every change of one makes the day stale as well.
export const useDay = (day: string | undefined) =>
  useQuery({
    queryKey: keys.list("activities", { of: "today", day }),
    queryFn: ({ signal }) => api.get<Day>("/today", { day }, signal),
    placeholderData: keepPreviousData,
  });

export const useTeamDay = (day: string | undefined) =>
  useQuery({
    queryKey: keys.list("activities", { of: "team", day }),
    queryFn: ({ signal }) => api.get<TeamDay>("/today/team", { day }, signal),
    placeholderData: keepPreviousData,
  });
