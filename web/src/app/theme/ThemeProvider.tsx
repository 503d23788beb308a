import { App as AntdApp, ConfigProvider } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type PropsWithChildren, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useIsPhone, useMedia } from "@/shared/ui/useMedia";
import { antdTheme } from "./antd";
import { useScheme } from "./scheme";

const requiredMark = (label: ReactNode, { required }: { required: boolean }) => (
  <>
    {label}
    {required ? <span style={{ color: "var(--danger)" }}>&nbsp;*</span> : null}
  </>
);

/** Gives antd the colours, language and calm of the rest, around whatever is made with it. */
export function ThemeProvider({ children }: PropsWithChildren) {
  const scheme = useScheme();
  const calm = useMedia("(prefers-reduced-motion: reduce)");
  const isPhone = useIsPhone();
  const { i18n } = useTranslation();
  const chinese = i18n.language !== "en";
  // Before whatever stands inside says a day.
  useMemo(() => dayjs.locale(chinese ? "zh-cn" : "en"), [chinese]);
  const config = useMemo(() => antdTheme(scheme, calm, isPhone), [scheme, calm, isPhone]);
  return (
    <ConfigProvider
      locale={chinese ? zh : en}
      theme={config}
      button={{ autoInsertSpace: false }}
      form={{ requiredMark }}
      drawer={{ closable: { placement: "end" } }}
      variant="outlined"
    >
      <AntdApp component={false} message={{ maxCount: 3 }}>
        {children}
      </AntdApp>
    </ConfigProvider>
  );
}
