import { BarChartOutlined } from "@ant-design/icons";
import { lazy } from "react";
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
      isVisible: (me) => me.can.metrics?.includes("read") ?? false,
      preload: load,
    },
  ],
  routes: [{ path: "/dashboard", lazy: async () => ({ Component: (await load()).DashboardPage }) }],
  dialogs: {
    "dashboard.figure": lazy(async () => ({
      default: (await import("./FigureDrawer")).FigureDrawer,
    })),
    "dashboard.tile": lazy(async () => ({ default: (await import("./editor/TileForm")).TileForm })),
  },
};
