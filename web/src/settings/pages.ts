import type { Me } from "@/api/types";
import type { SettingsPage } from "@/shared/features";

const may = (resource: string, action: string) => (me: Me) =>
  me.can[resource]?.includes(action) ?? false;

/** The settings' own pages in the order of their menu, before those of the features; the path is also the key of the title. */
export const settingsPages: SettingsPage[] = [
  { path: "profile", section: "mine", load: async () => (await import("./me/Profile")).Profile },
  {
    path: "sign_in",
    section: "mine",
    isVisible: (me) => !me.preview,
    load: async () => (await import("./me/SignIn")).SignIn,
  },
  {
    path: "tokens",
    section: "mine",
    isVisible: (me) => !me.preview,
    load: async () => (await import("./me/Tokens")).Tokens,
  },
  {
    path: "notifications",
    section: "mine",
    isVisible: (me) => !me.preview,
    load: async () => (await import("./me/NotificationChoices")).NotificationChoices,
  },
  {
    path: "company",
    section: "company",
    isVisible: may("settings", "configure"),
    load: async () => (await import("./company/Company")).Company,
  },
  {
    path: "roles",
    section: "company",
    isVisible: may("roles", "edit"),
    load: async () => (await import("./roles/Roles")).Roles,
  },
  {
    path: "processes",
    section: "company",
    isVisible: may("processes", "edit"),
    load: async () => (await import("./processes/Processes")).Processes,
  },
  {
    path: "custom_fields",
    section: "company",
    isVisible: (me) => ["customers", "opportunities"].some((name) => may(name, "configure")(me)),
    load: async () => (await import("./fields/CustomFields")).CustomFields,
  },
  {
    path: "audit",
    section: "data",
    isVisible: may("audit", "read"),
    load: async () => (await import("./data/Audit")).Audit,
  },
  {
    path: "jobs",
    section: "data",
    isVisible: may("settings", "configure"),
    load: async () => (await import("./data/Jobs")).Jobs,
  },
  {
    path: "webhooks",
    section: "data",
    isVisible: may("settings", "edit"),
    load: async () => (await import("./webhooks/Webhooks")).Webhooks,
  },
];
