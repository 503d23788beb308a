import { phoneScreen } from "@/shared/ui/useMedia";

/** What stands around the pages on a wide screen only; a phone does without its code. */
export const loadWide = async () => {
  const [{ SideNav }, { WideTop }] = await Promise.all([
    import("./SideNav"),
    import("./WideTop"),
    import("@/app/theme/ThemeProvider"),
  ]);
  return { SideNav, WideTop };
};

// Ahead of the first question to the server.
if (!window.matchMedia(phoneScreen).matches) loadWide();
