import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useList } from "@/api/queries";

export type CatalogueEntry = {
  code: string;
  name: string;
  /** The formula in words. */
  description: string;
  class: string;
  kind: string;
  unit: string;
  isActive: boolean;
};

/** The catalogue of metrics, in the person's language. */
export function useMetrics() {
  const { i18n } = useTranslation();
  const list = useList("metrics", { page_size: 200, sort: "created_at" });
  const isEnglish = i18n.language === "en";
  return useMemo(() => {
    const all = (list.data?.rows ?? []).map((row): CatalogueEntry => {
      const said = (name: string) =>
        String((isEnglish ? row[`${name}_en`] : null) || row[name] || "");
      return {
        code: String(row.code),
        name: said("name"),
        description: said("description"),
        class: String(row.class),
        kind: String(row.kind),
        unit: String(row.unit),
        isActive: row.is_active === true,
      };
    });
    const byCode = new Map(all.map((entry) => [entry.code, entry]));
    return {
      all,
      isKnown: list.data !== undefined,
      find: (code: string) => byCode.get(code),
      /** Empty until the names are known. */
      nameOf: (code: string) => byCode.get(code)?.name ?? (list.data ? code : ""),
      isActive: (code: string) => byCode.get(code)?.isActive ?? false,
    };
  }, [list.data, isEnglish]);
}
