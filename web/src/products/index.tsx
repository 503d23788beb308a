import { AppstoreOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";
import { listPage, recordPage } from "@/shared/resource/pages";

export const products: Feature = {
  name: "products",
  nav: [
    {
      label: "products:title",
      path: "/products",
      icon: <AppstoreOutlined />,
      section: "catalogue",
      isVisible: (me) => me.can.products?.includes("read") ?? false,
    },
  ],
  routes: [
    listPage("products"),
    recordPage("products"),
    listPage("product_lines"),
    recordPage("product_lines"),
  ],
  resources: [
    {
      resource: "products",
      icon: <AppstoreOutlined />,
      groups: [
        { name: "basics", fields: ["name", "code", "line_id", "unit", "state"] },
        { name: "prices", fields: ["list_price", "floor_price"] },
      ],
      columns: ["name", "code", "line_id", "unit", "list_price", "floor_price", "state"],
      widths: { unit: 80 },
      highlights: ["code", "state"],
    },
    {
      resource: "product_lines",
      icon: <AppstoreOutlined />,
      groups: [{ name: "basics", fields: ["name", "code"] }],
      columns: ["name", "code", "updated_at"],
      highlights: ["code"],
      related: [{ resource: "products", field: "line_id", columns: ["code", "list_price"] }],
      quickAdd: false,
    },
  ],
};
