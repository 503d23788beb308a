import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useList } from "@/api/queries";
import type { Row, Schemas } from "@/api/types";

export type StageKind = Schemas["Outcome"];

/** A step of a process, named in the person's language. */
export type Stage = {
  id: string;
  process_id: string;
  name: string;
  position: number;
  kind: StageKind;
  win_chance: number | null;
  standard_days: number | null;
  guidance: string | null;
};

export type Process = { id: string; name: string };

const nameIn = (row: Row, language: string) =>
  String((language === "en" ? row.name_en : null) || row.name || "");

const numberOf = (value: unknown) => (typeof value === "number" ? value : null);

/** All stages of all processes, in their order; there are only some dozens. */
function useAllStages() {
  return useList("stages", { sort: "position", page_size: 200 });
}

/** The stages of one process in their order; undefined while they are loading. */
export function useStages(processId: string | null | undefined): Stage[] | undefined {
  const { i18n } = useTranslation();
  const { data } = useAllStages();
  return useMemo(
    () =>
      data?.rows
        .filter((row) => row.process_id === processId)
        .map((row) => ({
          id: row.id,
          process_id: String(row.process_id),
          name: nameIn(row, i18n.language),
          position: Number(row.position),
          kind: row.kind as StageKind,
          win_chance: numberOf(row.win_chance),
          standard_days: numberOf(row.standard_days),
          guidance: row.guidance ? String(row.guidance) : null,
        })),
    [data, processId, i18n.language],
  );
}

/** The processes that new opportunities may take; undefined while they are loading. */
export function useProcesses(): Process[] | undefined {
  const { i18n } = useTranslation();
  const { data } = useList("processes", {
    filter: JSON.stringify({ field: "is_active", op: "is", value: true }),
    page_size: 200,
  });
  return useMemo(
    () => data?.rows.map((row) => ({ id: row.id, name: nameIn(row, i18n.language) })),
    [data, i18n.language],
  );
}

const day_ms = 86_400_000;

/** Whole days since the opportunity came into its stage. */
export function daysInStage(row: Row, now = Date.now()): number | null {
  if (typeof row.days_in_stage === "number") return Math.floor(row.days_in_stage);
  const since = Date.parse(String(row.stage_entered_at ?? ""));
  return Number.isNaN(since) ? null : Math.max(0, Math.floor((now - since) / day_ms));
}
