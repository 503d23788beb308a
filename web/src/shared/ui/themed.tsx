import { type ComponentType, lazy } from "react";

/**
 * A piece of the page that is made with antd. Its code comes with antd's, at its first use, and it stands in the theme by
 * itself: the frame and the start page open without either.
 */
export function themed<P extends object>(load: () => Promise<ComponentType<P>>) {
  return lazy(async () => {
    const [{ ThemeProvider }, Piece] = await Promise.all([
      import("@/app/theme/ThemeProvider"),
      load(),
    ]);
    return {
      default: (props: P) => (
        <ThemeProvider>
          <Piece {...props} />
        </ThemeProvider>
      ),
    };
  });
}
