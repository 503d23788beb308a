import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { keys, useMeta } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Labels, Money, Page, Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { addMonths, isMonth, weeksOf } from "@/shared/format/month";
import { useFormat } from "@/shared/format/useFormat";
import type { ListState } from "@/shared/resource/list/useListState";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import styles from "./calendar.module.css";

const page_size = 200;
/** More than this in one month can't be read day by day; the page says so. */
const pages_max = 10;

type Found = { rows: Row[]; labels: Labels; isWhole: boolean };

async function allBetween(filter: Filter, q: string, signal: AbortSignal): Promise<Found> {
  const rows: Row[] = [];
  const labels: Labels = {};
  for (let page = 1; page <= pages_max; page++) {
    const answer = await api.get<Page>(
      "/opportunities",
      { filter: JSON.stringify(filter), q, sort: "expected_close_on", page, page_size },
      signal,
    );
    rows.push(...answer.rows);
    Object.assign(labels, answer.labels);
    if (answer.rows.length < page_size) return { rows, labels, isWhole: true };
  }
  return { rows, labels, isWhole: false };
}

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
  const span = inSpan(from, to);
  const filter: Filter = state.filter ? { and: [state.filter, span] } : span;
  const found = useQuery({
    queryKey: keys.list("opportunities", { calendar: filter, q: state.q }),
    queryFn: ({ signal }) => allBetween(filter, state.q, signal),
    placeholderData: keepPreviousData,
  });
  const byDay = useMemo(() => {
    const days = new Map<string, Row[]>();
    for (const row of found.data?.rows ?? []) {
      const day = String(row.expected_close_on);
      days.set(day, [...(days.get(day) ?? []), row]);
    }
    return days;
  }, [found.data]);
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
  const rowsOf = (days: string[]) => days.flatMap((day) => byDay.get(day) ?? []);
  const inMonth = (found.data?.rows ?? []).filter((row) =>
    String(row.expected_close_on).startsWith(month),
  );
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
          {t("opportunities:calendar.total", { count: inMonth.length })}
          {" · "}
          <Sum rows={inMonth} />
        </p>
      </div>
      {found.isError ? <ErrorNotice error={found.error} retry={() => found.refetch()} /> : null}
      {found.data && !found.data.isWhole ? (
        <p className={styles.note}>
          {t("opportunities:calendar.too_many", { count: page_size * pages_max })}
        </p>
      ) : null}
      {isPhone ? (
        <Agenda weeks={weeks} month={month} byDay={byDay} labels={found.data?.labels ?? {}} />
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
                    rows={byDay.get(day) ?? []}
                    labels={found.data?.labels ?? {}}
                    state={state}
                  />
                ))}
                <td className={styles.weekSum}>
                  <Sum rows={rowsOf(week)} />
                  <small>
                    {rowsOf(week).length > 0
                      ? t("opportunities:calendar.total", { count: rowsOf(week).length })
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

function Sum({ rows }: { rows: Row[] }) {
  const format = useFormat();
  const { currency } = useMeta();
  const amount_minor = rows.reduce(
    (sum, row) => sum + ((row.amount as Money | null)?.amount_minor ?? 0),
    0,
  );
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
  rows,
  labels,
  state,
}: {
  day: string;
  isOther: boolean;
  rows: Row[];
  labels: Labels;
  state: ListState;
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const shown = rows.length > 3 ? rows.slice(0, 2) : rows;
  const only = inSpan(day, day);
  const filter: Filter = state.filter ? { and: [state.filter, only] } : only;
  return (
    <td data-other={isOther || undefined} data-today={day === format.today || undefined}>
      <div className={styles.dayHead}>
        <time dateTime={day} title={format.exactDay(day)}>
          {Number(day.slice(8))}
        </time>
        {rows.length > 1 ? <Sum rows={rows} /> : null}
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
      {rows.length > shown.length ? (
        <Link
          className={styles.others}
          to={`/opportunities?show=list&f=${encodeURIComponent(JSON.stringify(filter))}`}
        >
          {t("opportunities:calendar.others", { count: rows.length - shown.length })}
        </Link>
      ) : null}
    </td>
  );
}

/** On a phone: the days that have something, one below the other, week by week. */
function Agenda({
  weeks,
  month,
  byDay,
  labels,
}: {
  weeks: string[][];
  month: string;
  byDay: Map<string, Row[]>;
  labels: Labels;
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
            <Sum rows={week.flatMap((day) => byDay.get(day) ?? [])} />
          </header>
          {week.map((day) => (
            <div key={day} className={styles.agendaDay}>
              <time dateTime={day}>{format.day(day)}</time>
              <ul>
                {(byDay.get(day) ?? []).map((row) => (
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
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}
