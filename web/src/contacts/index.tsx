import { IdcardOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";
import { mine } from "@/shared/offline/mine";
import { listPage, recordPage } from "@/shared/resource/pages";

export const contacts: Feature = {
  name: "contacts",
  nav: [
    {
      label: "contacts:title",
      path: "/contacts",
      icon: <IdcardOutlined />,
      section: "work",
      isVisible: (me) => me.can.contacts?.includes("read") ?? false,
    },
  ],
  routes: [listPage("contacts"), recordPage("contacts")],
  offline: {
    paths: ["contacts"],
    ahead: (me) => [{ path: "/contacts", query: { filter: mine("customer_id.owner_id", me) } }],
  },
  resources: [
    {
      resource: "contacts",
      icon: <IdcardOutlined />,
      groups: [
        {
          name: "basics",
          fields: ["name", "customer_id", "department", "title", "is_project_leader"],
        },
        { name: "reach", fields: ["mobile", "email", "wechat"] },
        { name: "more", fields: ["birthday_on", "preferences"] },
      ],
      columns: [
        "name",
        "customer_id",
        "department",
        "title",
        "mobile",
        "email",
        "is_project_leader",
        "updated_at",
      ],
      widths: { name: 120, customer_id: 220, mobile: 130 },
      highlights: ["title", "customer_id"],
    },
  ],
};
