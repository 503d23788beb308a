import { ImportOutlined } from "@ant-design/icons";
import type { Feature } from "@/shared/features";

const load = () => import("./ImportsPage");

export const imports: Feature = {
  name: "imports",
  nav: [
    {
      label: "import_wizard:title",
      path: "/imports",
      icon: <ImportOutlined />,
      section: "settings",
      isVisible: (me) => Object.values(me.can).some((actions) => actions.includes("import")),
    },
  ],
  routes: [
    { path: "/imports", lazy: async () => ({ Component: (await load()).ImportsPage }) },
    {
      path: "/imports/:id",
      lazy: async () => ({ Component: (await import("./ImportPage")).ImportPage }),
    },
  ],
};
