import { useMemo } from "react";
import { useResource } from "@/api/queries";
import type { Field, Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { isEmpty } from "@/shared/fields/FieldValue";

export type FieldGroup = { name: string; fields: Field[]; isRare?: boolean };

/** A resource's own fields in the sections in which its form and the facts of a record show them. */
export function useFieldGroups(resource: string, row: Row | undefined): FieldGroup[] {
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  return useMemo(() => {
    const fields = (description?.fields ?? []).filter(
      (field) => !field.system && field.type !== "json",
    );
    const known = (ui?.groups ?? []).map((group) => ({
      name: group.name,
      whenFilled: group.whenFilled,
      isRare: group.isRare,
      fields: group.fields.flatMap((name) => fields.find((field) => field.name === name) ?? []),
    }));
    const placed = new Set(known.flatMap((group) => group.fields));
    const groups: FieldGroup[] = known.filter(
      (group) => !group.whenFilled || group.fields.some((field) => !isEmpty(row?.[field.name])),
    );
    const rest = fields.filter((field) => !placed.has(field) && (field.custom || !ui));
    if (rest.length > 0) groups.push({ name: ui ? "custom" : "basics", fields: rest });
    return groups.filter((group) => group.fields.length > 0);
  }, [description, ui, row]);
}
