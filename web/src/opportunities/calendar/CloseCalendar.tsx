import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { keys, useMeta } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Labels, Money, Row, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { addMonths, isMonth, weeksOf } from "@/shared/format/month";
import { useFormat } from "@/shared/format/useFormat";
import type { ListState } from "@/shared/resource/list/useListState";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import styles from "./calendar.module.css";

type CloseDay = Schemas["CloseDay"];

const inSpan = (from: string, to: string): Filter => ({
  field: "expected_close_on",
  op: "between",
  value: [from, to],
});

/** What is expected to close on which day of a month, with sums by day and week. */
export function CloseCalendar({ state }: { state: ListState }) {
  const { t, i18n } = useTranslation("opportunities");
  const format = useFormat();
  const isPhone = useIsPhone();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("month");
  const month = isMonth(wanted) ? wanted : format.today.slice(0, 7);
  const weeks = useMemo(() => weeksOf(month), [month]);
  const from = weeks[0]?.[0] ?? "";
  const to = weeks.at(-1)?.[6] ?? "";
  const asked = {
    from,
    to,
    filter: state.filter ? JSON.stringify(state.filter) : undefined,
    q: state.q || undefined,
  };
  const found = useQuery({
    queryKey: keys.list("opportunities", { calendar: asked }),
    queryFn: ({ signal }) =>
      api.get<Schemas["CloseCalendar"]>("/opportunities/calendar", asked, signal),
    placeholderData: keepPreviousData,
  });
  const byDay = useMemo(
    () => new Map((found.data?.days ?? []).map((day) => [day.day, day])),
    [found.data],
  );
  const go = (next: string) =>
    setSearch((before) => {
      const params = new URLSearchParams(before);
      if (next === format.today.slice(0, 7)) params.delete("month");
      else params.set("month", next);
      return params;
    });
  const title = new Intl.DateTimeFormat(i18n.language, {
    timeZone: "UTC",
    year: "numeric",
    month: "long",
  }).format(new Date(`${month}-01T00:00:00Z`));
  const daysOf = (days: string[]) => days.flatMap((day) => byDay.get(day) ?? []);
  const inMonth = (found.data?.days ?? []).filter((day) => day.day.startsWith(month));
  return (
    <div className={styles.page} aria-busy={found.isPending}>
      <div className={styles.head}>
        <Button
          size="small"
          icon={<LeftOutlined />}
          aria-label={t("opportunities:calendar.previous")}
          onClick={() => go(addMonths(month, -1))}
        />
        <h2>{title}</h2>
        <Button
          size="small"
          icon={<RightOutlined />}
          aria-label={t("opportunities:calendar.next")}
          onClick={() => go(addMonths(month, 1))}
        />
        <Button size="small" type="text" onClick={() => go(format.today.slice(0, 7))}>
          {t("opportunities:calendar.this_month")}
        </Button>
        <p className={styles.total}>
          {t("opportunities:calendar.total", { count: countOf(inMonth) })}
          {" · "}
          <Sum days={inMonth} />
        </p>
      </div>
      {found.isError ? <ErrorNotice error={found.error} retry={() => found.refetch()} /> : null}
      {isPhone ? (
        <Agenda
          weeks={weeks}
          month={month}
          byDay={byDay}
          labels={found.data?.labels ?? {}}
          state={state}
        />
      ) : (
        <table className={styles.grid} data-stale={found.isPlaceholderData || undefined}>
          <thead>
            <tr>
              {(weeks[0] ?? []).map((day) => (
                <th key={day} scope="col">
                  {new Intl.DateTimeFormat(i18n.language, {
                    timeZone: "UTC",
                    weekday: "short",
                  }).format(new Date(`${day}T00:00:00Z`))}
                </th>
              ))}
              <th scope="col">{t("opportunities:calendar.week")}</th>
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((day) => (
                  <Day
                    key={day}
                    day={day}
                    isOther={!day.startsWith(month)}
                    found={byDay.get(day)}
                    labels={found.data?.labels ?? {}}
                    state={state}
                  />
                ))}
                <td className={styles.weekSum}>
                  <Sum days={daysOf(week)} />
                  <small>
                    {countOf(daysOf(week)) > 0
                      ? t("opportunities:calendar.total", { count: countOf(daysOf(week)) })
                      : null}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

const countOf = (days: CloseDay[]) => days.reduce((sum, day) => sum + day.count, 0);

function Sum({ days }: { days: CloseDay[] }) {
  const format = useFormat();
  const { currency } = useMeta();
  const amount_minor = days.reduce((sum, day) => sum + (day.amount?.amount_minor ?? 0), 0);
  if (amount_minor === 0) return null;
  const money = { amount_minor, currency };
  return <b title={format.exactMoney(money)}>{format.money(money)}</b>;
}

function Entry({ row, labels }: { row: Row; labels: Labels }) {
  const format = useFormat();
  const amount = row.amount as Money | null;
  return (
    <>
      <span>{labels[String(row.customer_id)] ?? String(row.name)}</span>
      {amount ? <b>{format.money(amount)}</b> : null}
    </>
  );
}

function Day({
  day,
  isOther,
  found,
  labels,
  state,
}: {
  day: string;
  isOther: boolean;
  found: CloseDay | undefined;
  labels: Labels;
  state: ListState;
}) {
  const format = useFormat();
  const count = found?.count ?? 0;
  // The line that leads to the others takes the place of the third.
  const shown = (found?.cards ?? []).slice(0, count > 3 ? 2 : 3);
  return (
    <td data-other={isOther || undefined} data-today={day === format.today || undefined}>
      <div className={styles.dayHead}>
        <time dateTime={day} title={format.exactDay(day)}>
          {Number(day.slice(8))}
        </time>
        {found && count > 1 ? <Sum days={[found]} /> : null}
      </div>
      <ul>
        {shown.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className={styles.entry}
              data-outcome={row.outcome}
              title={String(row.name)}
              onClick={() => state.set({ open: row.id }, state.open !== undefined)}
            >
              <Entry row={row} labels={labels} />
            </button>
          </li>
        ))}
      </ul>
      <Others day={day} count={count - shown.length} state={state} />
    </td>
  );
}

/** Leads to all that close on the day, in the list. */
function Others({ day, count, state }: { day: string; count: number; state: ListState }) {
  const { t } = useTranslation("opportunities");
  if (count <= 0) return null;
  const only = inSpan(day, day);
  const filter: Filter = state.filter ? { and: [state.filter, only] } : only;
  const params = new URLSearchParams({ show: "list", f: JSON.stringify(filter) });
  if (state.q) params.set("q", state.q);
  return (
    <Link className={styles.others} to={`/opportunities?${params}`}>
      {t("opportunities:calendar.others", { count })}
    </Link>
  );
}

/** On a phone: the days that have something, one below the other, week by week. */
function Agenda({
  weeks,
  month,
  byDay,
  labels,
  state,
}: {
  weeks: string[][];
  month: string;
  byDay: Map<string, CloseDay>;
  labels: Labels;
  state: ListState;
}) {
  const { t } = useTranslation("opportunities");
  const navigate = useNavigate();
  const format = useFormat();
  const filled = weeks
    .map((week) => week.filter((day) => day.startsWith(month) && byDay.has(day)))
    .filter((week) => week.length > 0);
  if (filled.length === 0) return <p className={styles.note}>{t("opportunities:calendar.none")}</p>;
  return (
    <div className={styles.agenda}>
      {filled.map((week) => (
        <section key={week[0]}>
          <header>
            <h3>
              {t("opportunities:calendar.week_of", {
                from: format.day(week[0] ?? ""),
                to: format.day(week.at(-1) ?? ""),
              })}
            </h3>
            <Sum days={week.flatMap((day) => byDay.get(day) ?? [])} />
          </header>
          {week.map((day) => (
            <div key={day} className={styles.agendaDay}>
              <time dateTime={day}>{format.day(day)}</time>
              <ul>
                {(byDay.get(day)?.cards ?? []).map((row) => (
                  <li key={row.id}>
                    <button
                      type="button"
                      className={styles.entry}
                      data-outcome={row.outcome}
                      onClick={() => navigate(recordPath("opportunities", row.id))}
                    >
                      <Entry row={row} labels={labels} />
                    </button>
                  </li>
                ))}
              </ul>
              <Others
                day={day}
                count={(byDay.get(day)?.count ?? 0) - (byDay.get(day)?.cards.length ?? 0)}
                state={state}
              />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}
