import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { useFeatures } from "@/shared/features";
import { useCreate } from "@/shared/resource/CreateProvider";

/** What this person may add from anywhere, as menu items. */
export function useQuickAdd() {
  const { t } = useTranslation("app");
  const me = useMe();
  const create = useCreate();
  return useFeatures()
    .flatMap((feature) => feature.resources ?? [])
    .filter((ui) => ui.quickAdd !== false && me.can[ui.resource]?.includes("create"))
    .flatMap((ui) =>
      ui.quickAdds
        ? ui.quickAdds.map((entry) => ({
            key: `${ui.resource}.${entry.key}`,
            icon: entry.icon,
            label: t(entry.label),
            onClick: () => create(ui.resource, entry.initial),
          }))
        : {
            key: ui.resource,
            icon: ui.icon,
            label: t(`${ui.resource}:one`),
            onClick: () => create(ui.resource),
          },
    );
}
