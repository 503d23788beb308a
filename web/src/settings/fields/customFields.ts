import { useQuery } from "@tanstack/react-query";
import { keys, queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";

export type CustomField = Schemas["CustomFieldRow"];

export const types = [
  "text",
  "number",
  "money",
  "day",
  "choice",
  "multi_choice",
  "reference",
  "bool",
] as const;

export const hasChoices = (type: string) => type === "choice" || type === "multi_choice";

const key = ["custom-fields"];

export function useCustomFields() {
  return useQuery({
    queryKey: key,
    queryFn: async () => (await api.get<Schemas["CustomFieldList"]>("/custom-fields")).rows,
  });
}

/** After a change every list, form and filter knows the field at once. */
export async function refreshFields(): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: key }),
    queryClient.invalidateQueries({ queryKey: keys.meta }),
  ]);
  queryClient.invalidateQueries({ queryKey: ["list"] });
  queryClient.invalidateQueries({ queryKey: ["record"] });
}
