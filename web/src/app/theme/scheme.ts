import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMedia } from "@/shared/ui/useMedia";
import { usePreference } from "@/shared/ui/usePreference";
import { applyTokens, type Scheme } from "./tokens";

export type ThemeChoice = Scheme | "system";

export function useThemeChoice() {
  return usePreference<ThemeChoice>("theme", "system");
}

export function useScheme(): Scheme {
  const [choice] = useThemeChoice();
  const systemIsDark = useMedia("(prefers-color-scheme: dark)");
  if (choice === "system") return systemIsDark ? "dark" : "light";
  return choice;
}

/** Keeps the document in the person's colours and language. */
export function useDocumentTheme(): void {
  const scheme = useScheme();
  const { i18n } = useTranslation();
  // Before the first paint: the style sheets read these variables.
  useMemo(() => applyTokens(scheme), [scheme]);
  useEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
}
