import { CalendarOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";
import { ownQuery } from "./question";

const load = () => import("./CalendarPage");

export const calendar: Feature = {
  name: "calendar",
  nav: [
    {
      label: "calendar:title",
      path: "/calendar",
      icon: <CalendarOutlined />,
      section: "work",
      isVisible: (me) => me.can.activities?.includes("read") ?? false,
      preload: load,
    },
  ],
  routes: [{ path: "/calendar", lazy: async () => ({ Component: (await load()).CalendarPage }) }],
  settings: [
    {
      path: "calendar_feed",
      section: "mine",
      isVisible: (me) => !me.preview && (me.can.activities?.includes("read") ?? false),
      load: async () => (await import("./Subscription")).Subscription,
    },
  ],
  offline: {
    paths: ["calendar", "activities", "activity_kinds"],
    ahead: (me) => [ownQuery("week", me), ownQuery("agenda", me)],
  },
};
