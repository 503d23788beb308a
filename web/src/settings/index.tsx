import { SettingOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";
import { settingsPages } from "./pages";

export const settings: Feature = {
  name: "settings",
  nav: [
    { label: "settings:title", path: "/settings", icon: <SettingOutlined />, section: "settings" },
  ],
  routes: [
    {
      path: "/settings",
      lazy: async () => ({ Component: (await import("./SettingsLayout")).SettingsLayout }),
      children: [
        ...settingsPages.map((page) => ({
          path: page.path,
          lazy: async () => ({ Component: await page.load() }),
        })),
        {
          path: ":page",
          lazy: async () => ({ Component: (await import("./FeaturePage")).FeaturePage }),
        },
      ],
    },
  ],
};
