import { CarryOutOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";

const load = () => import("./TodayPage");

export const today: Feature = {
  name: "today",
  nav: [
    {
      label: "today:title",
      path: "/today",
      icon: <CarryOutOutlined />,
      section: "work",
      phone: 0,
      isVisible: (me) => me.can.activities?.includes("read") ?? false,
      preload: load,
    },
  ],
  offline: { paths: ["today"], ahead: () => [{ path: "/today" }] },
  plainRoutes: [{ path: "/today", lazy: async () => ({ Component: (await load()).TodayPage }) }],
};
