import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import type { Language } from "@/api/types";
import { useNames } from "@/shared/resource/names";
import type { Target } from "./api";

/** Names of what columns can be mapped to, and of the choices that cells may say. */
export function useTargetNames(resource: string) {
  const { i18n } = useTranslation();
  const names = useNames();
  const fields = useResource(resource)?.fields;
  const target = useCallback(
    (entry: Target) =>
      entry.label?.[i18n.language as Language] ??
      names.field(resource, { name: entry.field, label: entry.label }),
    [i18n.language, names, resource],
  );
  const choice = useCallback(
    (field: string, code: string) => {
      const known = fields?.find((entry) => entry.name === field);
      return known ? names.choice(resource, known, code) : code;
    },
    [fields, names, resource],
  );
  return { target, choice };
}
