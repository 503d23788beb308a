import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import { useFormat } from "@/shared/format/useFormat";
import { addDays } from "@/shared/format/zone";
import { Chips } from "@/shared/ui/Chips";
import { usePreference } from "@/shared/ui/usePreference";
import { useTitle } from "@/shared/ui/useTitle";
import { MyDay } from "./MyDay";
import styles from "./today.module.css";
import { Waiting } from "./Waiting";

const TeamToday = lazy(() =>
  import("./TeamToday").then((module) => ({ default: module.TeamToday })),
);

type Show = "mine" | "team";

/** The start page: a salesperson's own day, and for who leads others the team's. */
export function TodayPage() {
  const { t } = useTranslation("today");
  useTitle(t("today:title"));
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const leads = useLeads();
  const [chosen, choose] = usePreference<Show | null>("today.show", null);
  const show: Show = leads ? (chosen ?? "team") : "mine";
  const wanted = search.get("day") ?? undefined;
  const day = wanted && /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : undefined;
  const shown = day ?? format.today;
  const go = (to: string) => setSearch(to === format.today ? {} : { day: to }, { replace: true });
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>
          <time dateTime={shown}>{format.weekday(shown)}</time>
        </h1>
        <span className={styles.days}>
          <button
            type="button"
            aria-label={t("today:previous")}
            onClick={() => go(addDays(shown, -1))}
          >
            <LeftOutlined />
          </button>
          {day && day !== format.today ? (
            <button type="button" onClick={() => go(format.today)}>
              {t("today:back")}
            </button>
          ) : null}
          <button type="button" aria-label={t("today:next")} onClick={() => go(addDays(shown, 1))}>
            <RightOutlined />
          </button>
        </span>
        {leads ? (
          <Chips<Show>
            label={t("today:whose")}
            value={show}
            onChange={(next) => next && choose(next)}
            options={[
              { value: "mine", label: t("today:mine") },
              { value: "team", label: t("today:team") },
            ]}
          />
        ) : null}
      </header>
      {show === "mine" ? (
        <MyDay day={day} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <TeamToday day={day} />
        </Suspense>
      )}
    </div>
  );
}

/** Whether anybody reports to this person. */
function useLeads(): boolean {
  const me = useMe();
  const people = useResource("people");
  const field = people?.fields.find((entry) => entry.name === "supervisor_id");
  const reports = useList(
    "people",
    {
      filter: JSON.stringify({ field: "supervisor_id", op: "in", value: [me.person.id] }),
      page_size: 1,
    },
    field !== undefined,
  );
  // As it was the last time, until it is known: nothing has to make room then.
  const [before, remember] = usePreference("today.leads", false);
  const now = reports.data ? reports.data.rows.length > 0 : before;
  useEffect(() => {
    if (now !== before) remember(now);
  }, [now, before, remember]);
  return now;
}
