import { useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api, newKey } from "@/api/request";
import type { Row, Schemas } from "@/api/types";

/** A stage while it is being edited; one without `id` is new. */
export type DraftStage = {
  key: string;
  id?: string;
  name: string;
  name_en: string | null;
  code: string;
  kind: Schemas["Outcome"];
  win_chance: number | null;
  standard_days: number | null;
  funnel_level: string | null;
  buyer_step: string | null;
  guidance: string | null;
};

export type SavedStages = Schemas["SavedStages"];

/** The stages as the API takes them; the order is that of the list. */
export const stagesBody = (stages: DraftStage[]) => stages.map(({ key: _, ...stage }) => stage);

export const draftOf = (row: Row): DraftStage => ({
  key: row.id,
  id: row.id,
  name: String(row.name ?? ""),
  name_en: (row.name_en as string | null) ?? null,
  code: String(row.code ?? ""),
  kind: row.kind as DraftStage["kind"],
  win_chance: (row.win_chance as number | null) ?? null,
  standard_days: (row.standard_days as number | null) ?? null,
  funnel_level: (row.funnel_level as string | null) ?? null,
  buyer_step: (row.buyer_step as string | null) ?? null,
  guidance: (row.guidance as string | null) ?? null,
});

/** A code that none of the stages has yet. */
export function freeCode(stages: DraftStage[]): string {
  for (let number = stages.length + 1; ; number++) {
    const code = `stage_${number}`;
    if (!stages.some((stage) => stage.code === code)) return code;
  }
}

/** A new stage in front of those that end the process. */
export function withNewStage(stages: DraftStage[]): DraftStage[] {
  const end = stages.findIndex((stage) => stage.kind !== "open");
  const at = end < 0 ? stages.length : end;
  const stage: DraftStage = {
    key: newKey(),
    name: "",
    name_en: null,
    code: freeCode(stages),
    kind: "open",
    win_chance: null,
    standard_days: null,
    funnel_level: null,
    buyer_step: null,
    guidance: null,
  };
  return [...stages.slice(0, at), stage, ...stages.slice(at)];
}

export function useProcessStages(id: string) {
  return useQuery({
    queryKey: keys.part("processes", id, "stages"),
    queryFn: async ({ signal }) =>
      (await api.get<Schemas["StageList"]>(`/processes/${id}/stages`, undefined, signal)).rows,
  });
}
