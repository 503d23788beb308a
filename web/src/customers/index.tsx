import { ShopOutlined } from "@ant-design/icons";
import { lazy } from "react";
import type { Feature } from "@/shared/features";
import { mine } from "@/shared/offline/mine";
import { listPage, recordPage } from "@/shared/resource/pages";

/** Only the form needs it, and the form is not part of the first load. */
const Duplicates = lazy(() =>
  import("./Duplicates").then((module) => ({ default: module.Duplicates })),
);

export const customers: Feature = {
  name: "customers",
  nav: [
    {
      label: "customers:title",
      path: "/customers",
      icon: <ShopOutlined />,
      section: "work",
      phone: 1,
      isVisible: (me) => me.can.customers?.includes("read") ?? false,
    },
  ],
  routes: [listPage("customers"), recordPage("customers")],
  offline: {
    paths: ["customers", "views", "divisions", "industries"],
    ahead: (me) => [
      { path: "/views", query: { resource: "customers" } },
      { path: "/divisions" },
      { path: "/industries" },
      { path: "/customers", query: { filter: mine("owner_id", me), sort: "-updated_at" } },
    ],
  },
  resources: [
    {
      resource: "customers",
      icon: <ShopOutlined />,
      groups: [
        { name: "basics", fields: ["name", "short_name", "credit_code", "parent_id"] },
        {
          name: "sales",
          fields: [
            "owner_id",
            "level",
            "class",
            "funnel_level",
            "funnel_level_reason",
            "source",
            "tags",
          ],
        },
        { name: "profile", fields: ["industry", "employees", "revenue_band"] },
        { name: "reach", fields: ["region", "address", "phone", "website"] },
        { name: "more", fields: ["description"] },
      ],
      columns: [
        "name",
        "level",
        "funnel_level",
        "class",
        "owner_id",
        "region",
        "industry",
        "updated_at",
      ],
      highlights: ["level", "funnel_level", "owner_id"],
      related: [
        { resource: "opportunities", field: "customer_id", columns: ["stage_id", "amount"] },
        { resource: "contracts", field: "customer_id", columns: ["state", "amount"] },
        { resource: "contacts", field: "customer_id", columns: ["title", "mobile"] },
        { resource: "customers", field: "parent_id", columns: ["level", "owner_id"] },
      ],
      FormExtra: Duplicates,
      reasons: { funnel_level_reason: "funnel_level" },
    },
  ],
};
