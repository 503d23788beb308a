import type { Language } from "@/api/types";
import { readPreference } from "@/shared/ui/preference";

type Words = { words: Record<string, object> };
export type Part = "start" | "rest";

/** One piece of code per language before and after sign-in, loaded when it is needed. */
export const catalogues: Record<Language, Record<Part, () => Promise<Words>>> = {
  "zh-CN": { start: () => import("./zh-CN.start"), rest: () => import("./zh-CN.rest") },
  en: { start: () => import("./en.start"), rest: () => import("./en.rest") },
};

/** The language until it is known who reads. */
export function firstLanguage(): Language {
  const browser = navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  return readPreference<Language>("language", browser);
}
