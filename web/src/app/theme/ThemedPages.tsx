import { Outlet } from "react-router";
import { ThemeProvider } from "./ThemeProvider";

/** Around the pages that are made with antd. */
export function ThemedPages() {
  return (
    <ThemeProvider>
      <Outlet />
    </ThemeProvider>
  );
}
