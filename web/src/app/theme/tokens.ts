/**
 * The one palette, type scale and spacing scale. `applyTokens` writes them as CSS variables for our own
 * style sheets and `antdTheme` (antd.ts) hands the same values to antd, so that both always agree.
 */

export type Scheme = "light" | "dark";

export const palette = {
  light: {
    page: "#faf9f7",
    surface: "#ffffff",
    raised: "#ffffff",
    sunken: "#f3f1ee",
    hover: "#f6f4f1",
    selected: "#e8f1f1",
    line: "#e6e3de",
    "line-strong": "#d3cfc8",
    text: "#1d1c1a",
    "text-soft": "#5d5a55",
    "text-faint": "#716d66",
    accent: "#0e6670",
    "accent-soft": "#e3efef",
    "on-accent": "#ffffff",
    danger: "#b3362b",
    "danger-soft": "#fbeae7",
    warning: "#8f5a00",
    "warning-soft": "#fbf1dd",
    success: "#2c6e3f",
    "success-soft": "#e6f2e8",
    info: "#315f9c",
    "info-soft": "#e7eef8",
    shadow: "0 8px 28px rgb(40 34 24 / 12%), 0 1px 3px rgb(40 34 24 / 8%)",
  },
  dark: {
    page: "#161716",
    surface: "#1c1d1c",
    raised: "#252725",
    sunken: "#111211",
    hover: "#242624",
    selected: "#1c3436",
    line: "#2f3230",
    "line-strong": "#454946",
    text: "#eceae6",
    "text-soft": "#b0ada6",
    "text-faint": "#96938c",
    accent: "#62b7c0",
    "accent-soft": "#1d3a3d",
    "on-accent": "#0b2124",
    danger: "#f08a7e",
    "danger-soft": "#42211d",
    warning: "#e0ae5a",
    "warning-soft": "#3a2d14",
    success: "#83c492",
    "success-soft": "#1d3524",
    info: "#8fb6ea",
    "info-soft": "#1f2f45",
    shadow: "0 10px 32px rgb(0 0 0 / 50%), 0 1px 3px rgb(0 0 0 / 40%)",
  },
} as const;

/** Sizes in rem, so that a person's own font size is respected. */
const scale = {
  "font-xs": "0.75rem",
  "font-s": "0.8125rem",
  "font-m": "0.875rem",
  "font-l": "1rem",
  "font-xl": "1.25rem",
  "font-xxl": "1.625rem",
  "space-1": "4px",
  "space-2": "8px",
  "space-3": "12px",
  "space-4": "16px",
  "space-5": "24px",
  "space-6": "32px",
  "space-7": "48px",
  radius: "6px",
  "radius-l": "10px",
} as const;

export const fontFamily =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

export function applyTokens(scheme: Scheme): void {
  const root = document.documentElement;
  for (const [name, value] of Object.entries({ ...palette[scheme], ...scale })) {
    root.style.setProperty(`--${name}`, value);
  }
  root.style.setProperty("--font-family", fontFamily);
  root.style.colorScheme = scheme;
  root.dataset.theme = scheme;
}

/** Colours for charts in a fixed order that stays readable without colour vision. */
export function chartColours(scheme: Scheme): string[] {
  return scheme === "light"
    ? ["#0e6670", "#c98a2b", "#6b7fb3", "#9c4f3f", "#7d9a4f", "#8a6d9e"]
    : ["#62b7c0", "#e0ae5a", "#9db0e0", "#d98a78", "#b0cc82", "#bfa3d3"];
}
