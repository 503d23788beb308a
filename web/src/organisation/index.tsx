import { ApartmentOutlined, SafetyOutlined, TeamOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";
import { listPage, recordPage } from "@/shared/resource/pages";

const loadTeams = () => import("./teams/TeamTree");

export const organisation: Feature = {
  name: "organisation",
  nav: [
    {
      label: "people:title",
      path: "/people",
      icon: <TeamOutlined />,
      section: "organisation",
      isVisible: (me) => me.can.people?.includes("read") ?? false,
    },
    {
      label: "teams:title",
      path: "/teams",
      icon: <ApartmentOutlined />,
      section: "organisation",
      isVisible: (me) => me.can.teams?.includes("read") ?? false,
      preload: loadTeams,
    },
  ],
  routes: [
    listPage("people"),
    {
      path: "/people/:id",
      lazy: async () => ({ Component: (await import("./PersonPage")).PersonPage }),
    },
    { path: "/teams", lazy: async () => ({ Component: (await loadTeams()).TeamTree }) },
    recordPage("teams"),
  ],
  resources: [
    {
      resource: "people",
      icon: <TeamOutlined />,
      groups: [
        { name: "basics", fields: ["name", "title", "team_id", "supervisor_id", "role_ids"] },
        { name: "reach", fields: ["email", "mobile"] },
        {
          name: "more",
          fields: ["is_active", "hired_on", "left_on", "language", "time_zone"],
        },
      ],
      columns: ["name", "title", "team_id", "role_ids", "email", "mobile", "is_active"],
      highlights: ["title", "team_id"],
      related: [
        { resource: "people", field: "supervisor_id", columns: ["title"] },
        { resource: "opportunities", field: "owner_id", columns: ["stage_id", "amount"] },
        { resource: "customers", field: "owner_id", columns: ["level"] },
      ],
      quickAdd: false,
    },
    {
      resource: "teams",
      icon: <ApartmentOutlined />,
      groups: [
        { name: "basics", fields: ["name", "code", "parent_id", "manager_id", "region", "kind"] },
      ],
      columns: ["name", "parent_id", "manager_id", "kind", "region"],
      highlights: ["kind", "manager_id"],
      related: [
        { resource: "people", field: "team_id", columns: ["title"] },
        { resource: "teams", field: "parent_id", columns: ["manager_id"] },
      ],
      quickAdd: false,
    },
    {
      resource: "roles",
      icon: <SafetyOutlined />,
      groups: [{ name: "basics", fields: ["name", "description"] }],
      columns: ["name", "description"],
      highlights: [],
      quickAdd: false,
    },
  ],
};
