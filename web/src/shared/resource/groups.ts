import { useMemo } from "react";
import { useResource } from "@/api/queries";
import type { Field } from "@/api/types";
import { useResourceUi } from "@/shared/features";

export type FieldGroup = { name: string; fields: Field[] };

/** A resource's own fields in the sections in which its form and its facts show them. */
export function useFieldGroups(resource: string): FieldGroup[] {
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  return useMemo(() => {
    const fields = (description?.fields ?? []).filter(
      (field) => !field.system && field.type !== "json",
    );
    const groups = (ui?.groups ?? []).map((group) => ({
      name: group.name,
      fields: group.fields.flatMap((name) => fields.find((field) => field.name === name) ?? []),
    }));
    const placed = new Set(groups.flatMap((group) => group.fields));
    const rest = fields.filter((field) => !placed.has(field) && (field.custom || !ui));
    if (rest.length > 0) groups.push({ name: ui ? "custom" : "basics", fields: rest });
    return groups.filter((group) => group.fields.length > 0);
  }, [description, ui]);
}
