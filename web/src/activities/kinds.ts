import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { readList, useList } from "@/api/queries";

export type Family =
  | "visit"
  | "appointment"
  | "return_visit"
  | "call"
  | "meeting"
  | "event"
  | "task"
  | "other";

/** A kind of activity, named in the person's language. */
export type Kind = {
  id: string;
  code: string;
  name: string;
  family: Family;
  /** How long one usually takes, in minutes. */
  default_minutes: number;
  is_active: boolean;
};

const all = { sort: "position", page_size: 200 };

/** Has them ready, or has tried: what a line of a day offers follows from its kind. */
export const readKinds = () => readList("activity_kinds", all);

/** All kinds in their order; undefined while they are loading. There are only some dozens. */
export function useKinds(): Kind[] | undefined {
  const { i18n } = useTranslation();
  const { data } = useList("activity_kinds", all);
  return useMemo(
    () =>
      data?.rows.map((row) => ({
        id: row.id,
        code: String(row.code),
        name: String((i18n.language === "en" ? row.name_en : null) || row.name || ""),
        family: row.family as Family,
        default_minutes: Number(row.default_minutes) || 30,
        is_active: row.is_active !== false,
      })),
    [data, i18n.language],
  );
}

export function useKind(id: unknown): Kind | undefined {
  return useKinds()?.find((kind) => kind.id === id);
}

/** Families in which one goes to see somebody: these have a place to check in at. */
export const isOnSite = (family: Family | undefined) =>
  family === "visit" || family === "return_visit" || family === "meeting" || family === "event";

/** Families that somebody outside takes part in, so that there is an outcome to judge. */
export const hasOutcome = (family: Family | undefined) =>
  family !== "task" && family !== "other" && family !== undefined;
