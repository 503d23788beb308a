import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/types";
import { readPreference, writePreference } from "@/shared/ui/preference";

type Catalogue = { default: Record<string, unknown> };

/** One file per language and feature; the file's name is the namespace. */
const files = import.meta.glob<Catalogue>("../../../locales/*/*.json");

const namespaces = [
  ...new Set(Object.keys(files).map((path) => path.split("/").at(-1)?.replace(".json", "") ?? "")),
];

/** What the pages before sign-in need. */
const startNamespaces = ["app", "sign_in", "problems"];

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../../../locales/${language}/${namespace}.json`];
    if (!load) return done(null, {});
    load().then(
      (catalogue) => done(null, catalogue.default),
      (error: Error) => done(error, null),
    );
  },
};

export const languages: { code: Language; name: string }[] = [
  { code: "zh-CN", name: "简体中文" },
  { code: "en", name: "English" },
];

function firstLanguage(): Language {
  const browser = navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  return readPreference<Language>("language", browser);
}

export async function startTranslations(): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: false,
      ns: startNamespaces,
      defaultNS: "app",
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: false },
    });
}

/** After sign-in: any page may show a reference to any resource, so all its words are there at once. */
export async function loadAllTranslations(): Promise<void> {
  await i18next.loadNamespaces(namespaces);
}

export async function changeLanguage(language: Language): Promise<void> {
  writePreference("language", language);
  await i18next.changeLanguage(language);
}
