import { useTranslation } from "react-i18next";
import { Chips } from "@/shared/ui/Chips";
import { Labelled } from "@/shared/ui/DialogFrame";
import type { Scope } from "../writes";

const scopes: Scope[] = ["this", "following", "all"];

/** How far a change of one occurrence reaches in its series. */
export function ScopeInput({
  value,
  onChange,
  label,
}: {
  value: Scope;
  onChange: (scope: Scope) => void;
  /** The question, where it is not which ones are changed. */
  label?: string;
}) {
  const { t } = useTranslation("activities");
  const asked = label ?? t("activities:move.scope");
  return (
    <Labelled label={asked}>
      <Chips<Scope>
        label={asked}
        value={value}
        onChange={(next) => next && onChange(next)}
        options={scopes.map((name) => ({ value: name, label: t(`activities:scopes.${name}`) }))}
      />
    </Labelled>
  );
}
