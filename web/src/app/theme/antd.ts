import { type ThemeConfig, theme } from "antd";
import { fontFamily, palette, type Scheme } from "./tokens";

type MapToken = ReturnType<typeof theme.defaultAlgorithm>;

/** Our tokens as antd wants them. */
export function antdTheme(scheme: Scheme, calm: boolean, isPhone: boolean): ThemeConfig {
  const colour = palette[scheme];
  return {
    algorithm: [
      scheme === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
      // The algorithm would shift our colours; they are chosen for contrast and stay as they are.
      (_, map) => ({
        ...(map as MapToken),
        colorPrimary: colour.accent,
        colorLink: colour.accent,
        colorInfo: colour.accent,
        colorSuccess: colour.success,
        colorWarning: colour.warning,
        colorError: colour.danger,
        colorErrorText: colour.danger,
        colorInfoBg: colour["info-soft"],
        colorInfoBorder: colour.line,
        colorSuccessBg: colour["success-soft"],
        colorSuccessBorder: colour.line,
        colorWarningBg: colour["warning-soft"],
        colorWarningBorder: colour.line,
        colorErrorBg: colour["danger-soft"],
        colorErrorBorder: colour.line,
        colorPrimaryBg: colour["accent-soft"],
        colorPrimaryBgHover: colour["accent-soft"],
      }),
    ],
    token: {
      colorPrimary: colour.accent,
      colorLink: colour.accent,
      colorInfo: colour.accent,
      colorSuccess: colour.success,
      colorWarning: colour.warning,
      colorError: colour.danger,
      colorBgBase: colour.surface,
      colorBgLayout: colour.page,
      colorBgContainer: colour.surface,
      colorBgElevated: colour.raised,
      colorText: colour.text,
      colorTextSecondary: colour["text-soft"],
      colorTextTertiary: colour["text-faint"],
      colorTextDescription: colour["text-soft"],
      colorTextPlaceholder: colour["text-faint"],
      colorBorder: colour["line-strong"],
      colorBorderSecondary: colour.line,
      colorTextLightSolid: colour["on-accent"],
      boxShadowSecondary: colour.shadow,
      borderRadius: 6,
      borderRadiusLG: 10,
      fontSize: 14,
      fontFamily,
      // A thumb needs 44 px, a pointer fewer.
      controlHeight: isPhone ? 44 : 34,
      ...(isPhone ? { controlHeightSM: 36 } : {}),
      motion: !calm,
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
      },
      Form: { itemMarginBottom: 22, verticalLabelPadding: "0 0 4px" },
      Tooltip: { colorBgSpotlight: "#2b2a28", colorTextLightSolid: "#f7f5f2" },
      Select: { optionSelectedBg: colour["accent-soft"], optionActiveBg: colour.hover },
      Cascader: { optionSelectedBg: colour["accent-soft"] },
      Segmented: { itemSelectedBg: colour.raised, trackBg: colour.sunken },
      Drawer: { paddingLG: 20 },
    },
  };
}
