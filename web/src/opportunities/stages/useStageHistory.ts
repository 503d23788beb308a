import { useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";

/** Where the opportunity has been and for how long, oldest first. */
export function useStageHistory(id: string) {
  return useQuery({
    queryKey: keys.part("opportunities", id, "stages"),
    queryFn: ({ signal }) =>
      api.get<Schemas["Way"]>(`/opportunities/${id}/stages`, undefined, signal),
  });
}
