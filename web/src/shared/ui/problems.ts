import type { TFunction } from "i18next";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/request";
import type { Problem, ProblemItem } from "@/api/types";

type Exists = (key: string) => boolean;

/** The problem in the person's words: by its code where the catalogue knows it, else as the server says it. */
export function problemText(problem: Problem, t: TFunction, exists: Exists): string {
  const key = `problems:${problem.code}`;
  if (exists(key)) return t(key, problem.params ?? {});
  const own = problem.detail || problem.title;
  return own && own !== `problems.${problem.code}` ? own : t("problems:unknown");
}

export function itemText(item: ProblemItem, t: TFunction, exists: Exists): string {
  const key = `problems:${item.code}`;
  if (exists(key)) return t(key, item.params ?? {});
  const own = item.message && item.message !== `problems.${item.code}`;
  return own ? String(item.message) : t("problems:invalid_value");
}

export type FieldErrors = { fields: Record<string, string>; others: string[] };

/** Sorts a problem's items to the fields of a form; what fits none of them is for the form's head. */
export function fieldErrors(
  problem: Problem,
  known: readonly string[],
  t: TFunction,
  exists: Exists,
): FieldErrors {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const item of problem.errors ?? []) {
    const name = item.pointer.split("/")[1] ?? "";
    const text = itemText(item, t, exists);
    if (known.includes(name)) fields[name] = fields[name] ? `${fields[name]} ${text}` : text;
    else others.push(text);
  }
  return { fields, others };
}

/** The fields that were refused in one entry of a list: `/stages/2/code` is `code` of `stages` at 2. */
export function refusedIn(
  error: ProblemError | undefined,
  list: string,
  index: number,
): Record<string, boolean> {
  const start = `/${list}/${index}/`;
  const refused = (error?.problem.errors ?? []).filter((item) => item.pointer.startsWith(start));
  return Object.fromEntries(refused.map((item) => [item.pointer.split("/")[3] ?? "", true]));
}

export function useProblems() {
  const { t, i18n } = useTranslation(["problems"]);
  const exists = useCallback((key: string) => i18n.exists(key), [i18n]);
  const text = useCallback(
    (error: unknown) =>
      error instanceof ProblemError ? problemText(error.problem, t, exists) : t("problems:unknown"),
    [t, exists],
  );
  const sort = useCallback(
    (error: unknown, known: readonly string[]): FieldErrors =>
      error instanceof ProblemError
        ? fieldErrors(error.problem, known, t, exists)
        : { fields: {}, others: [] },
    [t, exists],
  );
  return { text, sort };
}
