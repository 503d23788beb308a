import { useTranslation } from "react-i18next";
import { Chips } from "@/shared/ui/Chips";
import { Labelled } from "@/shared/ui/DialogFrame";
import type { Scope } from "../writes";

const scopes: Scope[] = ["this", "following", "all"];

/** How far a change of one occurrence reaches in its series. */
export function ScopeInput({
  value,
  onChange,
}: {
  value: Scope;
  onChange: (scope: Scope) => void;
}) {
  const { t } = useTranslation("activities");
  return (
    <Labelled label={t("activities:move.scope")}>
      <Chips<Scope>
        label={t("activities:move.scope")}
        value={value}
        onChange={(next) => next && onChange(next)}
        options={scopes.map((name) => ({ value: name, label: t(`activities:scopes.${name}`) }))}
      />
    </Labelled>
  );
}
