import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { nameOfScope, type Scope, type ScopeName, scopeNames } from "./grants";
import styles from "./roles.module.css";

type Props = {
  label: string;
  scope: Scope | undefined;
  /** Whether the action can be narrowed to some records. */
  hasReach: boolean;
  isDisabled: boolean;
  onChange: (scope: Scope | undefined) => void;
};

/** One right of a role: a tick, or how far it reaches. */
export function ScopeCell({ label, scope, hasReach, isDisabled, onChange }: Props) {
  const { t } = useTranslation(["settings", "app"]);
  if (!hasReach) {
    return (
      <input
        type="checkbox"
        aria-label={label}
        checked={scope !== undefined}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked ? "all" : undefined)}
      />
    );
  }
  const name = nameOfScope(scope);
  const teams = typeof scope === "object" ? scope.named_teams : [];
  return (
    <span className={styles.cell}>
      <select
        aria-label={label}
        value={name}
        data-none={name === "none" || undefined}
        disabled={isDisabled}
        title={name === "none" ? undefined : t(`app:scopes.${name}`)}
        onChange={(event) => {
          const next = event.target.value as ScopeName | "none";
          if (next === "none") onChange(undefined);
          else onChange(next === "named_teams" ? { named_teams: teams } : next);
        }}
      >
        <option value="none">{t("settings:roles.none")}</option>
        {scopeNames.map((entry) => (
          <option key={entry} value={entry}>
            {t(`app:scopes.${entry}`)}
          </option>
        ))}
      </select>
      {name === "named_teams" ? (
        <Popover
          trigger="click"
          destroyOnHidden
          content={
            <div style={{ width: 280 }}>
              <ReferenceInput
                multiple
                resource="teams"
                disabled={isDisabled}
                value={teams}
                aria-label={t("settings:roles.teams")}
                onChange={(named_teams) => onChange({ named_teams })}
              />
            </div>
          }
        >
          <Button size="small" type="link" danger={teams.length === 0}>
            {t("settings:roles.teams_count", { count: teams.length })}
          </Button>
        </Popover>
      ) : null}
    </span>
  );
}
