import { useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Labels } from "@/api/types";

export type StageStay = {
  stage_id: string;
  entered_at: string;
  left_at: string | null;
  days: number;
  standard_days: number | null;
  by: string | null;
};

/** Where the opportunity has been and for how long, oldest first. */
export function useStageHistory(id: string) {
  return useQuery({
    queryKey: keys.part("opportunities", id, "stages"),
    queryFn: ({ signal }) =>
      api.get<{ rows: StageStay[]; labels?: Labels }>(
        `/opportunities/${id}/stages`,
        undefined,
        signal,
      ),
  });
}
