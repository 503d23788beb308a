import { App as AntdApp, ConfigProvider } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type PropsWithChildren, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePreference } from "@/shared/ui/preference";
import { useMedia } from "@/shared/ui/useMedia";
import { antdTheme, applyTokens, type Scheme } from "./tokens";

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

/** Gives antd and our style sheets the same colours, language and calm. */
export function ThemeProvider({ children }: PropsWithChildren) {
  const scheme = useScheme();
  const calm = useMedia("(prefers-reduced-motion: reduce)");
  const { i18n } = useTranslation();
  const chinese = i18n.language !== "en";
  // Before the first paint of the children: their style sheets read these variables.
  useMemo(() => applyTokens(scheme), [scheme]);
  useEffect(() => {
    dayjs.locale(chinese ? "zh-cn" : "en");
    document.documentElement.lang = i18n.language;
  }, [chinese, i18n.language]);
  const config = useMemo(() => antdTheme(scheme, calm), [scheme, calm]);
  return (
    <ConfigProvider
      locale={chinese ? zh : en}
      theme={config}
      button={{ autoInsertSpace: false }}
      variant="outlined"
    >
      <AntdApp message={{ maxCount: 3 }}>{children}</AntdApp>
    </ConfigProvider>
  );
}
