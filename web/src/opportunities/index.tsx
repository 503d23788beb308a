import { FundOutlined } from "@ant-design/icons";
import { lazy } from "react";
import type { Feature } from "@/shared/features";
import { mine } from "@/shared/offline/mine";

const load = () => import("./OpportunitiesPage");
const inputs = () => import("./stages/inputs");

export const opportunities: Feature = {
  name: "opportunities",
  nav: [
    {
      label: "opportunities:title",
      path: "/opportunities",
      icon: <FundOutlined />,
      section: "work",
      phone: 2,
      isVisible: (me) => me.can.opportunities?.includes("read") ?? false,
      preload: load,
    },
  ],
  routes: [
    {
      path: "/opportunities",
      lazy: async () => ({ Component: (await load()).OpportunitiesPage }),
    },
    {
      path: "/opportunities/:id",
      lazy: async () => ({ Component: (await import("./OpportunityPage")).OpportunityPage }),
    },
  ],
  offline: {
    paths: ["opportunities", "stages", "processes"],
    ahead: (me) => [
      { path: "/stages", query: { sort: "position", page_size: 200 } },
      { path: "/opportunities", query: { filter: mine("owner_id", me), sort: "-updated_at" } },
    ],
  },
  resources: [
    {
      resource: "opportunities",
      icon: <FundOutlined />,
      groups: [
        { name: "basics", fields: ["name", "customer_id", "process_id", "stage_id", "owner_id"] },
        {
          name: "closing",
          fields: [
            "amount",
            "expected_close_on",
            "win_chance",
            "forecast_category",
            "next_step",
            "next_step_on",
          ],
        },
        { name: "more", fields: ["number", "source", "competitor", "description"] },
        {
          name: "outcome",
          fields: ["loss_reason", "loss_note", "win_note", "closed_on", "reopen_reason"],
          whenFilled: true,
        },
      ],
      columns: [
        "name",
        "customer_id",
        "stage_id",
        "amount",
        "expected_close_on",
        "win_chance",
        "next_step",
        "next_step_on",
        "owner_id",
      ],
      highlights: ["customer_id", "amount", "outcome"],
      related: [{ resource: "contracts", field: "opportunity_id", columns: ["state", "amount"] }],
      inputs: {
        process_id: lazy(async () => ({ default: (await inputs()).ProcessInput })),
        stage_id: lazy(async () => ({ default: (await inputs()).StageInput })),
      },
      onlyNew: ["process_id", "stage_id"],
      FormEnd: lazy(async () => ({ default: (await import("./lines/FormLines")).FormLines })),
    },
  ],
};
