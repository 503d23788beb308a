import type { ComponentType } from "react";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TimelineRowProps, useFeatures } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { ToggleChip } from "@/shared/ui/Chips";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import { type Counts, counted, type TeamDay, type TeamMember, useTeamDay } from "./api";
import styles from "./today.module.css";
import { Waiting } from "./Waiting";

const sum = (counts: Counts) => counted.reduce((total, name) => total + counts[name], 0);

/** The team's plans and deeds of the day, as they happen. */
export function TeamToday({ day }: { day: string | undefined }) {
  const { t } = useTranslation("today");
  const team = useTeamDay(day);
  const [onlyWithout, setOnlyWithout] = useState(false);
  if (team.isError && !team.data) {
    return <ErrorNotice error={team.error} retry={() => team.refetch()} />;
  }
  const data = team.data;
  if (!data) return <Waiting />;
  if (data.people.length === 0) {
    return <Empty title={t("today:no_team")} text={t("today:no_team_text")} />;
  }
  const without = data.people.filter((person) => !person.has_plan);
  const shown = onlyWithout && data.is_working_day ? without : data.people;
  return (
    <>
      <Headline data={data} />
      <div className={styles.teamColumns}>
        <section className={styles.section}>
          <div className={styles.teamHead}>
            <h2>{t("today:people")}</h2>
            {without.length > 0 && data.is_working_day ? (
              <ToggleChip checked={onlyWithout} onChange={setOnlyWithout}>
                {t("today:without_plan", { count: without.length })}
              </ToggleChip>
            ) : null}
          </div>
          <ScrollBox label={t("today:people")}>
            <table className={styles.team}>
              <thead>
                <tr>
                  <th>{t("today:person")}</th>
                  <th>
                    {t("today:planned")} <small>{t("today:kinds_short")}</small>
                  </th>
                  <th>{t("today:so_far")}</th>
                  <th>{t("today:yesterday")}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((person) => (
                  <Person key={person.person_id} person={person} isFree={!data.is_working_day} />
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </section>
        <section className={styles.section}>
          <h2>
            {t("today:deeds")} <span>{data.deeds.length || ""}</span>
          </h2>
          {data.deeds.length === 0 ? <p className={styles.soft}>{t("today:no_deeds")}</p> : null}
          <Deeds data={data} />
        </section>
      </div>
    </>
  );
}

function Headline({ data }: { data: TeamDay }) {
  const { t } = useTranslation("today");
  const format = useFormat();
  const withPlan = data.people.filter((person) => person.has_plan).length;
  const planned = data.people.reduce((total, person) => total + person.yesterday.planned, 0);
  const done = data.people.reduce((total, person) => total + person.yesterday.done, 0);
  return (
    <p className={styles.headline}>
      <span>
        {t("today:headline_plan")}{" "}
        <strong>
          {format.number(withPlan)}/{format.number(data.people.length)}
        </strong>
      </span>
      {planned > 0 ? (
        <span>
          {t("today:headline_yesterday")}{" "}
          <strong>{Math.round((Math.min(done, planned) / planned) * 100)}%</strong>
        </span>
      ) : null}
    </p>
  );
}

function Person({ person, isFree }: { person: TeamMember; isFree: boolean }) {
  const { t } = useTranslation("today");
  const { planned, done } = person;
  const inOrder = [planned.first, planned.presentation, planned.closing, planned.return_visit];
  return (
    <tr>
      <th scope="row">{person.name}</th>
      <td
        title={counted.map((name) => `${t(`today:counts.${name}`)} ${planned[name]}`).join(" · ")}
      >
        {sum(planned) > planned.other ? inOrder.join("/") : null}
        {sum(planned) > 0 ? null : isFree ? (
          "—"
        ) : (
          <span className={styles.flag}>{t("today:no_plan_flag")}</span>
        )}
        {planned.other > 0 ? <small> {t("today:others", { count: planned.other })}</small> : null}
      </td>
      <td>{sum(done) > 0 ? sum(done) : "—"}</td>
      <td>
        {person.yesterday.planned > 0 || person.yesterday.done > 0
          ? `${person.yesterday.done}/${person.yesterday.planned}`
          : "—"}
      </td>
    </tr>
  );
}

/** The latest deeds, drawn as on timelines. */
function Deeds({ data }: { data: TeamDay }) {
  const Entry = useFeatures().find((feature) => feature.timeline?.activity)?.timeline?.activity as
    | ComponentType<TimelineRowProps>
    | undefined;
  if (!Entry) return null;
  return (
    <ol className={styles.deeds}>
      <Suspense fallback={null}>
        {data.deeds.map((row) => (
          <Entry
            key={row.id}
            labels={data.labels}
            onChanged={() => undefined}
            entry={{
              kind: "activity",
              at: String(row.happens_at ?? row.updated_at),
              actor_id: row.owner_id as string | null,
              seq: 0,
              // Across customers, with whom it was is half of the news.
              label: data.labels[String(row.customer_id)],
              activity: row,
            }}
          />
        ))}
      </Suspense>
    </ol>
  );
}
