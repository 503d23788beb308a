import { LeftOutlined, PlusOutlined, RightOutlined } from "@ant-design/icons";
import { App, Button, Drawer, Segmented } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { useMe } from "@/api/queries";
import { recordPath } from "@/shared/features";
import { addMonths } from "@/shared/format/month";
import { useFormat } from "@/shared/format/useFormat";
import { addDays } from "@/shared/format/zone";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Peek } from "@/shared/resource/list/Peek";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { useTitle } from "@/shared/ui/useTitle";
import { Agenda } from "./Agenda";
import styles from "./calendar.module.css";
import { MonthDots } from "./MonthDots";
import { MonthGrid } from "./MonthGrid";
import { daysOf, type Show, shows, stretchOf, type Whose } from "./question";
import { TeamWeek } from "./TeamWeek";
import { TimeGrid } from "./TimeGrid";
import { type Calendar, type Entry, useCalendar } from "./useCalendar";
import { type To, useMove } from "./useMove";
import { WhosePicker } from "./WhosePicker";

const isDay = (text: string | null): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");

/** What the page shows; it stands in the URL, so that it can be linked. */
function useView() {
  const [search, setSearch] = useSearchParams();
  const format = useFormat();
  const isPhone = useIsPhone();
  const asked = search.get("show") as Show | null;
  const day = search.get("day");
  const people = search.get("people");
  const team = search.get("team");
  const whose = useMemo<Whose>(
    () => ({ people: people?.split(",").filter(Boolean), team_id: team ?? undefined }),
    [people, team],
  );
  const set = (change: Record<string, string | undefined>, replace = false) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace },
    );
  return {
    show:
      asked && shows.includes(asked) ? asked : isPhone ? ("agenda" as const) : ("week" as const),
    day: isDay(day) ? day : format.today,
    open: search.get("open") ?? undefined,
    whose,
    set,
  };
}

/** The same part of the calendar, one step earlier or later. */
function stepped(show: Show, day: string, by: 1 | -1): string {
  if (show === "month") return `${addMonths(day.slice(0, 7), by)}-01`;
  return addDays(day, by * { day: 1, week: 7, agenda: 14 }[show]);
}

/** Days, weeks and months of one's own, of colleagues and of a team. */
export function CalendarPage() {
  const { t, i18n } = useTranslation("calendar");
  useTitle(t("calendar:title"));
  const me = useMe();
  const isPhone = useIsPhone();
  const format = useFormat();
  const navigate = useNavigate();
  const create = useCreate();
  const { message } = App.useApp();
  const view = useView();
  const { show, day, whose, set } = view;
  const found = useCalendar(show, day, whose);
  const { move, dialog } = useMove();

  const go = (next: string) => set({ day: next === format.today ? undefined : next }, true);
  const open = (entry: Entry) => {
    if (!entry.id) return;
    if (isPhone) navigate(recordPath("activities", entry.id));
    else set({ open: entry.id }, view.open !== undefined);
  };
  const mayCreate = (me.can.activities?.includes("create") ?? false) && !me.preview;
  const planners = found.data?.people.filter((person) => person.can?.includes("create"));
  const plan = (to: To, person_id?: string) => {
    if (!planners?.some((person) => person.id === person_id)) {
      message.info(t("calendar:no_plans_there"));
      return;
    }
    create("activities", {
      family: "visit",
      planned_start_at: to.starts_at,
      planned_end_at: to.ends_at,
      ...(person_id && person_id !== me.person.id ? { owner_id: person_id } : {}),
    });
  };
  const planOn = (on: string) => create("activities", { family: "visit", day: on });
  const display = (next: Show) => set({ show: next });
  useShortcuts({
    t: () => go(format.today),
    d: () => display("day"),
    w: () => display("week"),
    m: () => display("month"),
    a: () => display("agenda"),
    arrowleft: () => go(stepped(show, day, -1)),
    arrowright: () => go(stepped(show, day, 1)),
  });
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <h1>{titleOf(show, day, i18n.language)}</h1>
        <div className={styles.steps}>
          <Button
            type="text"
            icon={<LeftOutlined />}
            aria-label={t("calendar:earlier")}
            onClick={() => go(stepped(show, day, -1))}
          />
          <Button onClick={() => go(format.today)} disabled={day === format.today}>
            {t("calendar:today")}
          </Button>
          <Button
            type="text"
            icon={<RightOutlined />}
            aria-label={t("calendar:later")}
            onClick={() => go(stepped(show, day, 1))}
          />
        </div>
        <WhosePicker
          whose={whose}
          choose={(next) =>
            set({
              people: next.people?.join(",") || undefined,
              team: next.team_id,
              open: undefined,
            })
          }
        />
        <Segmented<Show>
          className={styles.shows}
          value={show}
          onChange={display}
          aria-label={t("calendar:show")}
          options={shows.map((value) => ({ value, label: t(`calendar:shows.${value}`) }))}
        />
        {mayCreate && !isPhone ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => planOn(day)}>
            {t("calendar:add")}
          </Button>
        ) : null}
      </header>
      {found.isError ? <ErrorNotice error={found.error} retry={() => found.refetch()} /> : null}
      {found.isPending ? <Skeleton /> : null}
      {found.data ? (
        <div className={styles.content} data-stale={found.isPlaceholderData || undefined}>
          <Content
            data={found.data}
            show={show}
            day={day}
            open={open}
            move={move}
            create={mayCreate ? plan : undefined}
            createOn={mayCreate ? planOn : undefined}
            openDay={(next) => set({ day: next, show: "day" })}
            choose={go}
          />
        </div>
      ) : null}
      {dialog}
      <Drawer
        open={view.open !== undefined && !isPhone}
        onClose={() => set({ open: undefined })}
        size={480}
        mask={false}
        closable={false}
        destroyOnHidden
        aria-label={t("calendar:entry")}
        styles={{ body: { padding: 0 } }}
      >
        {view.open ? (
          <Peek resource="activities" id={view.open} close={() => set({ open: undefined })} />
        ) : null}
      </Drawer>
    </div>
  );
}

type ContentProps = {
  data: Calendar;
  show: Show;
  day: string;
  open: (entry: Entry) => void;
  move: (entry: Entry, to: To) => void;
  create?: (to: To, person_id: string) => void;
  createOn?: (day: string) => void;
  openDay: (day: string) => void;
  choose: (day: string) => void;
};

function Content(props: ContentProps) {
  const { data, show, day, open, move, create, createOn, openDay, choose } = props;
  const isPhone = useIsPhone();
  const days = useMemo(() => daysOf(stretchOf(show, day)), [show, day]);
  const columns = useMemo(
    () =>
      data.people.flatMap((person) =>
        (show === "day" ? [day] : days).map((one) => ({
          key: `${person.id}.${one}`,
          day: one,
          person_id: person.id,
        })),
      ),
    [data.people, show, day, days],
  );
  if (show === "agenda") return <Agenda data={data} days={days} open={open} />;
  if (show === "month" && isPhone) {
    return <MonthDots data={data} days={days} day={day} choose={choose} open={open} />;
  }
  if (show === "month") {
    return (
      <MonthGrid
        data={data}
        days={days}
        month={day.slice(0, 7)}
        open={open}
        move={move}
        create={createOn}
        openDay={openDay}
      />
    );
  }
  if (show === "week" && data.people.length > 1) {
    return <TeamWeek data={data} days={days} open={open} />;
  }
  return (
    <TimeGrid
      // Another stretch begins at its working hours again.
      key={show}
      data={data}
      columns={columns}
      heads={data.people.length > 1 ? "people" : "days"}
      open={open}
      move={move}
      create={create}
    />
  );
}

function Skeleton() {
  return (
    <div className={styles.skeleton} aria-busy>
      {[70, 40, 90, 55, 75, 60].map((width) => (
        <Bar key={width} width={`${width}%`} />
      ))}
    </div>
  );
}

/** `2026年11月`, or the day itself. */
function titleOf(show: Show, day: string, language: string): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
  const date = (text: string) => new Date(`${text}T00:00:00Z`);
  const month = language === "en" ? "short" : "long";
  if (show === "month") return format({ year: "numeric", month: "long" }).format(date(day));
  if (show === "day") {
    return format({ month, day: "numeric", weekday: "short" }).format(date(day));
  }
  const { from, until } = stretchOf(show, day);
  const says = format({ month, day: "numeric" });
  return `${says.format(date(from))} – ${says.format(date(until))}`;
}
