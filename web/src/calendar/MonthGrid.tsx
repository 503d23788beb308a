import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { addDays, addMinutes, instantAt, timeOf } from "@/shared/format/zone";
import styles from "./calendar.module.css";
import { useDayName } from "./dayName";
import { EntryBlock } from "./EntryBlock";
import { daysOfEntry, isOn } from "./lanes";
import { keyOf } from "./TimeGrid";
import { type Calendar, type Entry, isMovable } from "./useCalendar";
import type { To } from "./useMove";

type Props = {
  data: Calendar;
  /** Whole weeks. */
  days: string[];
  month: string;
  open: (entry: Entry) => void;
  move: (entry: Entry, to: To) => void;
  create?: (day: string) => void;
  openDay: (day: string) => void;
};

const most = 3;

/** Weeks of a month; entries go to another day by pointer or keys and keep their time. */
export function MonthGrid({ data, days, month, open, move, create, openDay }: Props) {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const dayName = useDayName(data.holidays);
  const { timeZone } = format;
  const [ghost, setGhost] = useState<{ entry: Entry; day: string }>();
  const taken = useRef<{ entry: Entry; x: number; y: number; isActive: boolean }>(undefined);
  const swallowsClick = useRef(false);
  const weeks = Array.from({ length: days.length / 7 }, (_, week) =>
    days.slice(week * 7, week * 7 + 7),
  );

  const drop = (entry: Entry, day: string) => {
    const starts_at = instantAt(day, timeOf(entry.starts_at, timeZone), timeZone);
    const minutes = (Date.parse(entry.ends_at) - Date.parse(entry.starts_at)) / 60_000;
    move(entry, { starts_at, ends_at: addMinutes(starts_at, minutes) });
  };
  const onPointerDown = (event: PointerEvent, entry: Entry) => {
    if (event.button !== 0 || event.pointerType !== "mouse" || !isMovable(entry)) return;
    taken.current = { entry, x: event.clientX, y: event.clientY, isActive: false };
    swallowsClick.current = false;
  };
  const onPointerMove = (event: PointerEvent) => {
    const now = taken.current;
    if (!now) return;
    if (!now.isActive && Math.hypot(event.clientX - now.x, event.clientY - now.y) < 5) return;
    now.isActive = true;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const day = under?.closest<HTMLElement>("[data-day]")?.dataset.day;
    if (day) setGhost({ entry: now.entry, day });
  };
  const onPointerUp = () => {
    const now = taken.current;
    taken.current = undefined;
    setGhost(undefined);
    if (!now?.isActive) return;
    swallowsClick.current = true;
    if (ghost) drop(now.entry, ghost.day);
  };
  const onKeyDown = (event: KeyboardEvent, entry: Entry) => {
    const known = ghost?.entry.id === entry.id ? ghost : undefined;
    if (known && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      setGhost(undefined);
      if (event.key === "Enter") drop(entry, known.day);
      return;
    }
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -7,
      ArrowDown: 7,
    };
    const by = steps[event.key];
    if (!by || !event.altKey || !isMovable(entry)) return;
    event.preventDefault();
    const day = addDays(known?.day ?? daysOfEntry(entry, timeZone).first, by);
    if (days.includes(day)) setGhost({ entry, day });
  };
  return (
    <div className={styles.monthBox} onPointerMove={onPointerMove} onPointerUp={onPointerUp}>
      <table className={styles.month}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col">
                {dayName(day).weekday}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const name = dayName(day);
                const here = data.entries.filter((entry) => isOn(entry, day, timeZone));
                const shown = here.length > most + 1 ? here.slice(0, most) : here;
                return (
                  <td
                    key={day}
                    data-day={day}
                    data-other={!day.startsWith(month) || undefined}
                    data-today={day === format.today || undefined}
                    data-free={name.isFree || undefined}
                    data-target={ghost?.day === day || undefined}
                  >
                    <div className={styles.dayHead}>
                      <button type="button" onClick={() => openDay(day)}>
                        <time dateTime={day} title={format.exactDay(day)}>
                          {name.number}
                        </time>
                      </button>
                      {name.mark ? (
                        <small data-working={name.isMadeUp || undefined}>{name.mark}</small>
                      ) : null}
                      {create ? (
                        <button
                          type="button"
                          className={styles.add}
                          aria-label={t("calendar:add_on", { day: format.exactDay(day) })}
                          onClick={() => create(day)}
                        >
                          ＋
                        </button>
                      ) : null}
                    </div>
                    <ul>
                      {shown.map((entry) => (
                        <li
                          key={keyOf(entry)}
                          onPointerDown={(event) => onPointerDown(event, entry)}
                        >
                          <EntryBlock
                            entry={entry}
                            labels={data.labels}
                            isLine
                            open={(one) => {
                              if (!swallowsClick.current) open(one);
                              swallowsClick.current = false;
                            }}
                            onKeyDown={onKeyDown}
                            onBlur={() => setGhost(undefined)}
                            isGhostly={ghost?.entry.id !== undefined && ghost.entry.id === entry.id}
                          />
                        </li>
                      ))}
                      {here.length > shown.length ? (
                        <li>
                          <button
                            type="button"
                            className={styles.others}
                            onClick={() => openDay(day)}
                          >
                            {t("calendar:others", { count: here.length - shown.length })}
                          </button>
                        </li>
                      ) : null}
                    </ul>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="visually-hidden" role="status">
        {ghost ? t("calendar:keys", { when: format.exactDay(ghost.day) }) : ""}
      </p>
    </div>
  );
}
