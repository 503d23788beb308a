import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Choice, Field, Language, Translated, View } from "@/api/types";

/** Names of fields, choices and views in the person's language. */
export function useNames() {
  const { t, i18n } = useTranslation();
  const language = i18n.language as Language;

  const own = useCallback(
    (label: Translated | null | undefined) =>
      label?.[language] || label?.["zh-CN"] || label?.en || undefined,
    [language],
  );
  const first = useCallback(
    (keys: string[], fallback: string) => {
      const key = keys.find((candidate) => i18n.exists(candidate));
      return key ? t(key) : fallback;
    },
    [t, i18n],
  );

  const field = useCallback(
    (resource: string, entry: Pick<Field, "name" | "label">) =>
      own(entry.label) ??
      first([`${resource}:fields.${entry.name}`, `app:fields.${entry.name}`], entry.name),
    [own, first],
  );
  /** False for inner fields that have no name for people. */
  const isNamed = useCallback(
    (resource: string, entry: Pick<Field, "name" | "label">) =>
      own(entry.label) !== undefined ||
      i18n.exists(`${resource}:fields.${entry.name}`) ||
      i18n.exists(`app:fields.${entry.name}`),
    [own, i18n],
  );
  const choice = useCallback(
    (resource: string, entry: Field, code: string) => {
      const known = entry.choices?.find((candidate: Choice) => candidate.code === code);
      return own(known?.label) ?? first([`${resource}:choices.${entry.name}.${code}`], code);
    },
    [own, first],
  );
  const view = useCallback(
    (resource: string, entry: View) =>
      entry.id
        ? entry.name
        : first([`${resource}:views.${entry.name}`, `app:views.${entry.name}`], entry.name),
    [first],
  );
  return { field, isNamed, choice, view };
}
