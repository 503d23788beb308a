import { BarChartOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";

const load = () => import("./DashboardPage");

export const dashboard: Feature = {
  name: "dashboard",
  nav: [
    {
      label: "dashboard:title",
      path: "/dashboard",
      icon: <BarChartOutlined />,
      section: "work",
      isVisible: (me) => me.can.opportunities?.includes("read") ?? false,
      preload: load,
    },
  ],
  routes: [{ path: "/dashboard", lazy: async () => ({ Component: (await load()).DashboardPage }) }],
};
