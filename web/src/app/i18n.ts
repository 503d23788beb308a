import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/types";
import { readPreference, writePreference } from "@/shared/ui/preference";

type Words = { words: Record<string, object> };
type Part = "start" | "rest";

/** One piece of code per language before and after sign-in, loaded when it is needed. */
const catalogues: Record<Language, Record<Part, () => Promise<Words>>> = {
  "zh-CN": { start: () => import("./words/zh-CN.start"), rest: () => import("./words/zh-CN.rest") },
  en: { start: () => import("./words/en.start"), rest: () => import("./words/en.rest") },
};

export const languages: { code: Language; name: string }[] = [
  { code: "zh-CN", name: "简体中文" },
  { code: "en", name: "English" },
];

/** Each file is a namespace under its own name. */
async function load(language: Language, part: Part): Promise<void> {
  const { words } = await catalogues[language][part]();
  for (const [path, texts] of Object.entries(words)) {
    const namespace = path.split("/").at(-1)?.replace(".json", "") ?? "";
    i18next.addResourceBundle(language, namespace, texts);
  }
}

function firstLanguage(): Language {
  const browser = navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  return readPreference<Language>("language", browser);
}

export async function startTranslations(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    defaultNS: "app",
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language, "start");
}

let isSignedIn = false;

/** Everything that the pages after sign-in say, in this language. */
export async function loadAllTranslations(language: Language): Promise<void> {
  isSignedIn = true;
  await Promise.all([load(language, "start"), load(language, "rest")]);
}

export async function changeLanguage(language: Language): Promise<void> {
  writePreference("language", language);
  if (i18next.language === language) return;
  await load(language, "start");
  if (isSignedIn) await load(language, "rest");
  await i18next.changeLanguage(language);
}
