import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/types";
import { writePreference } from "@/shared/ui/preference";
import { catalogues, firstLanguage, type Part } from "./words";

export const languages: { code: Language; name: string }[] = [
  { code: "zh-CN", name: "简体中文" },
  { code: "en", name: "English" },
];

const loaded = new Set<string>();

/** Each file is a namespace under its own name. */
async function load(language: Language, part: Part): Promise<void> {
  const { words } = await catalogues[language][part]();
  if (loaded.has(`${language} ${part}`)) return;
  loaded.add(`${language} ${part}`);
  for (const [path, texts] of Object.entries(words)) {
    const namespace = path.split("/").at(-1)?.replace(".json", "") ?? "";
    i18next.addResourceBundle(language, namespace, texts);
  }
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
