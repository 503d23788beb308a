import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useList, useMe, useResource } from "@/api/queries";
import { useReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./dashboard.module.css";
import { daysOf, lengths, periodName } from "./period";
import { type Slicers, type Team, useTeams } from "./useSlicers";

/** The period that is looked at: how long, and which. */
export function PeriodPicker({ slicers }: { slicers: Slicers }) {
  const { t, i18n } = useTranslation("dashboard");
  const format = useFormat();
  const { look, length } = slicers;
  const { from, to } = daysOf(look.period, look.fiscalMonth);
  return (
    <div className={styles.period}>
      <Select
        value={length}
        popupMatchSelectWidth={false}
        aria-label={t("dashboard:period")}
        onChange={slicers.setLength}
        options={lengths.map((entry) => ({ value: entry, label: t(`dashboard:lengths.${entry}`) }))}
      />
      <Button
        type="text"
        icon={<LeftOutlined />}
        aria-label={t("dashboard:earlier")}
        onClick={() => slicers.step(-1)}
      />
      <button
        type="button"
        className={styles.periodName}
        title={`${format.exactDay(from)} – ${format.exactDay(to)}`}
        disabled={slicers.isPresent}
        onClick={slicers.toPresent}
      >
        {periodName(look.period, i18n.language, t)}
      </button>
      <Button
        type="text"
        icon={<RightOutlined />}
        aria-label={t("dashboard:later")}
        disabled={slicers.isPresent}
        onClick={() => slicers.step(1)}
      />
    </div>
  );
}

/** From the uppermost team down to one. */
function wayTo(teams: Team[], id: string | null | undefined): Team[] {
  const team = teams.find((entry) => entry.id === id);
  return team ? [...wayTo(teams, team.parent), team] : [];
}

/** Whose figures: the organisation's, a team's, or a person's; each step of the way leads back. */
export function ScopePicker({ slicers }: { slicers: Slicers }) {
  const { t } = useTranslation("dashboard");
  const me = useMe();
  const { team_id, person_id } = slicers.look.slice;
  const teams = useTeams();
  const mayPick = useResource("people") !== undefined;
  const person = useReferenceLabel("people", person_id ?? undefined);
  const isActive = { field: "is_active", op: "is", value: true };
  const inTeam = team_id ? { field: "team_id", op: "in", value: [team_id] } : undefined;
  const people = useList(
    "people",
    {
      filter: JSON.stringify({ and: inTeam ? [isActive, inTeam] : [isActive] }),
      sort: "name",
      page_size: 200,
    },
    mayPick,
  );
  const way = wayTo(teams, team_id);
  const shown = teams.filter((team) => (team_id ? team.parent === team_id : true));
  const options = [
    ...(shown.length > 0
      ? [
          {
            label: t("dashboard:teams"),
            options: shown.map((team) => ({
              value: `team:${team.id}`,
              label: team_id ? team.name : `${"　".repeat(team.depth)}${team.name}`,
              name: team.name,
            })),
          },
        ]
      : []),
    {
      label: t("dashboard:people"),
      options: (people.data?.rows ?? []).map((row) => ({
        value: `person:${row.id}`,
        label: row.id === me.person.id ? t("dashboard:me", { name: row.name }) : String(row.name),
        name: String(row.name),
      })),
    },
  ];
  const crumbs = [
    { id: "all", name: t("dashboard:everybody"), go: () => slicers.setScope(null, null) },
    ...way.map((team) => ({ id: team.id, name: team.name, go: () => slicers.setTeam(team.id) })),
    ...(person_id
      ? [{ id: person_id, name: person ?? "…", go: () => slicers.setPerson(person_id) }]
      : []),
  ];
  return (
    <nav className={styles.scope} aria-label={t("dashboard:scope")}>
      {crumbs.map((crumb, index) => (
        <Fragment key={crumb.id}>
          {index > 0 ? <span aria-hidden>›</span> : null}
          {index === crumbs.length - 1 ? (
            <b aria-current="true">{crumb.name}</b>
          ) : (
            <button type="button" onClick={crumb.go}>
              {crumb.name}
            </button>
          )}
        </Fragment>
      ))}
      {mayPick && !person_id ? (
        <Select
          variant="borderless"
          size="small"
          value={null}
          placeholder={t("dashboard:narrow")}
          popupMatchSelectWidth={240}
          showSearch={{ optionFilterProp: "name" }}
          aria-label={t("dashboard:narrow")}
          options={options}
          onChange={(value: string | null) => {
            const [kind, id = null] = value?.split(":") ?? [];
            if (kind === "team") slicers.setTeam(id);
            if (kind === "person") slicers.setPerson(id);
          }}
        />
      ) : null}
    </nav>
  );
}
