import { FunctionOutlined } from "@ant-design/icons";
import { lazy } from "react";
import { type Feature, listPath, recordPath } from "@/shared/features";
import { listPage } from "@/shared/resource/pages";

const FormulaInput = lazy(async () => ({
  default: (await import("./FormulaInput")).FormulaInput,
}));

export const metrics: Feature = {
  name: "metrics",
  nav: [
    {
      label: "metrics:title",
      path: listPath("metrics"),
      icon: <FunctionOutlined />,
      section: "catalogue",
      isVisible: (me) => me.can.metrics?.includes("edit") ?? false,
    },
  ],
  routes: [
    listPage("metrics"),
    {
      path: recordPath("metrics", ":id"),
      lazy: async () => ({ Component: (await import("./MetricPage")).MetricPage }),
    },
  ],
  resources: [
    {
      resource: "metrics",
      icon: <FunctionOutlined />,
      groups: [
        { name: "basics", fields: ["name", "name_en", "code", "class", "unit"] },
        {
          name: "counting",
          fields: ["formula", "low_is_good", "kind", "is_standard", "is_active"],
        },
        { name: "words", fields: ["description", "description_en"] },
      ],
      columns: ["name", "class", "unit", "kind", "formula", "is_standard", "is_active"],
      widths: { name: 220, formula: 360 },
      highlights: ["code", "class", "unit"],
      inputs: { formula: FormulaInput },
      quickAdd: false,
    },
  ],
};
