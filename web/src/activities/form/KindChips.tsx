import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Chips } from "@/shared/ui/Chips";
import { type Family, type Kind, useKinds } from "../kinds";

type Props = {
  value: string | null;
  onChange: (id: string, kind: Kind) => void;
  /** Which kinds stand there at once; the others are one tap further. */
  families?: Family[];
  except?: Family[];
};

/** What it is: the likely kinds first. */
export function KindChips({ value, onChange, families, except }: Props) {
  const { t } = useTranslation("activities");
  const [isOpen, setIsOpen] = useState(false);
  const kinds = (useKinds() ?? []).filter(
    (kind) => (kind.is_active || kind.id === value) && !except?.includes(kind.family),
  );
  const first = families
    ? kinds.filter((kind) => families.includes(kind.family) || kind.id === value)
    : kinds;
  const shown = isOpen ? kinds : first;
  return (
    <Chips
      label={t("activities:fields.kind_id")}
      value={value}
      onChange={(id) => {
        if (id === "more") return setIsOpen(true);
        const kind = kinds.find((entry) => entry.id === id);
        if (kind) onChange(kind.id, kind);
      }}
      options={[
        ...shown.map((kind) => ({ value: kind.id, label: kind.name })),
        ...(shown.length < kinds.length
          ? [{ value: "more", label: t("activities:form.more_kinds") }]
          : []),
      ]}
    />
  );
}
