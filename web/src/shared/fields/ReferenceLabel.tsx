import { useTranslation } from "react-i18next";
import { useRecord, useResource } from "@/api/queries";

/** The name of a referenced record that did not come with the page. */
export function useReferenceLabel(resource: string, id: string | undefined): string | undefined {
  const { t } = useTranslation("app");
  const description = useResource(resource);
  const isWord = id === "me" || id === "my_team";
  const record = useRecord(resource, description && !isWord ? id : undefined);
  if (id === "me") return t("app:filter.me");
  if (id === "my_team") return t("app:filter.my_team");
  const label = record.data?.[description?.label_field ?? "name"];
  if (label) return String(label);
  return record.isError || !description ? t("app:hidden_record") : undefined;
}

export function ReferenceLabel({ resource, id }: { resource: string; id: string }) {
  return <>{useReferenceLabel(resource, id) ?? "…"}</>;
}
