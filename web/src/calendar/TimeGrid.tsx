import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { instantAt } from "@/shared/format/zone";
import styles from "./calendar.module.css";
import { useDayName } from "./dayName";
import { EntryBlock } from "./EntryBlock";
import { day_minutes, minuteOf, piecesOf, place, shifted, wholeDayOf } from "./lanes";
import type { Calendar, Entry } from "./useCalendar";
import type { To } from "./useMove";
import { type Column, type ColumnPiece, useTimeDrag } from "./useTimeDrag";

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const first_hour = 8;
const percent = (minutes: number) => `${(minutes / day_minutes) * 100}%`;

type Props = {
  data: Calendar;
  columns: Column[];
  /** What stands above a column: its day, or whose it is. */
  heads: "days" | "people";
  open: (entry: Entry) => void;
  move: (entry: Entry, to: To) => void;
  /** Makes a plan at that time; missing where the person may not. */
  create?: (to: To, person_id: string) => void;
};

/** Hours downwards, days or people side by side. */
export function TimeGrid({ data, columns, heads, open, move, create }: Props) {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const dayName = useDayName(data.holidays);
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const { timeZone } = format;
  const now = useMinute();

  const byColumn = useMemo(
    () =>
      columns.map(({ day, person_id }) => {
        const entries = data.entries.filter((entry) => entry.person_id === person_id);
        return {
          placed: place(piecesOf(entries, day, timeZone)),
          whole: wholeDayOf(entries, day, timeZone),
        };
      }),
    [columns, data.entries, timeZone],
  );
  const pieces = useMemo(() => {
    const map = new Map<string, ColumnPiece>();
    byColumn.forEach(({ placed }, column) => {
      for (const piece of placed)
        map.set(keyOf(piece.entry, columns[column]), { ...piece, column });
    });
    return map;
  }, [byColumn, columns]);
  const toOf = (column: number, from: number, until: number): To => {
    const day = columns[column]?.day ?? format.today;
    const instant = (minute: number) => {
      const at = shifted(day, minute);
      const clock = `${pad(Math.floor(at.minute / 60))}:${pad(at.minute % 60)}`;
      return instantAt(at.day, clock, timeZone);
    };
    return { starts_at: instant(from), ends_at: instant(until) };
  };
  const drag = useTimeDrag({
    grid,
    columns,
    pieces,
    drop: ({ entry, column, from, until }) => move(entry, toOf(column, from, until)),
    create: create
      ? ({ column, from, until }) =>
          create(toOf(column, from, until), columns[column]?.person_id ?? "")
      : undefined,
  });
  const { ghost } = drag;
  const ghostTo = ghost ? toOf(ghost.column, ghost.from, ghost.until) : undefined;
  const ghostTime = ghostTo
    ? `${format.time(ghostTo.starts_at)}–${format.time(ghostTo.ends_at)}`
    : "";

  // The working day is what people come for.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && grid.current) box.scrollTop = (grid.current.offsetHeight / 24) * (first_hour - 0.5);
  }, []);
  const hasWhole = byColumn.some(({ whole }) => whole.length > 0);
  const template = {
    gridTemplateColumns: `48px repeat(${columns.length}, minmax(var(--column), 1fr))`,
  };
  return (
    <section
      className={styles.scroller}
      ref={scroller}
      aria-label={t("calendar:title")}
      data-many={columns.length > 7 || undefined}
      data-week={columns.length === 7 || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys.
      tabIndex={0}
    >
      <div className={styles.heads} style={template}>
        <span className={styles.corner} />
        {columns.map((column) => {
          const name = dayName(column.day);
          const person = data.people.find((one) => one.id === column.person_id)?.name;
          return (
            <h2
              key={column.key}
              className={styles.head}
              data-today={(heads === "days" && column.day === format.today) || undefined}
              data-free={name.isFree || undefined}
            >
              {heads === "people" ? (
                person
              ) : (
                <>
                  <span>{name.weekday}</span>
                  <b>{name.number}</b>
                  {name.mark ? (
                    <small data-working={name.isMadeUp || undefined}>{name.mark}</small>
                  ) : null}
                </>
              )}
            </h2>
          );
        })}
        {hasWhole ? (
          <>
            <span className={styles.wholeLabel}>{t("calendar:all_day")}</span>
            {byColumn.map(({ whole }, index) => (
              <ul key={columns[index]?.key} className={styles.whole}>
                {whole.map((entry) => (
                  <li key={keyOf(entry)}>
                    <EntryBlock entry={entry} labels={data.labels} isLine open={open} />
                  </li>
                ))}
              </ul>
            ))}
          </>
        ) : null}
      </div>
      <div className={styles.body}>
        <div className={styles.hours} aria-hidden>
          {hours.slice(1).map((hour) => (
            <span key={hour} style={{ top: percent(hour * 60) }}>
              {pad(hour)}:00
            </span>
          ))}
        </div>
        <div
          ref={grid}
          className={styles.grid}
          data-dragging={ghost !== undefined || undefined}
          {...drag.handlers}
        >
          {columns.map((column, index) => (
            <ul
              key={column.key}
              className={styles.column}
              data-free={dayName(column.day).isFree || undefined}
              aria-label={
                heads === "people"
                  ? data.people.find((one) => one.id === column.person_id)?.name
                  : format.exactDay(column.day)
              }
            >
              {byColumn[index]?.placed.map((piece) => {
                const key = keyOf(piece.entry, column);
                return (
                  <li
                    key={key}
                    className={styles.place}
                    style={{
                      top: percent(piece.from),
                      height: percent(Math.max(piece.until - piece.from, 20)),
                      left: `${(piece.lane / piece.lanes) * 100}%`,
                      width: `${100 / piece.lanes}%`,
                    }}
                  >
                    <EntryBlock
                      entry={piece.entry}
                      labels={data.labels}
                      open={(entry) => (drag.takeClick() ? undefined : open(entry))}
                      onKeyDown={(event, entry) => drag.onKeyDown(event, entry, key)}
                      onBlur={drag.cancel}
                      pieceKey={key}
                      lines={Math.max(1, Math.floor((piece.until - piece.from - 28) / 22))}
                      isLine={piece.until - piece.from < 50}
                      isGhostly={ghost?.entry !== undefined && ghost.entry.id === piece.entry.id}
                    />
                  </li>
                );
              })}
              {ghost && ghost.column === index ? (
                <li
                  className={styles.ghost}
                  style={{
                    top: percent(ghost.from),
                    height: percent(Math.min(ghost.until, day_minutes) - ghost.from),
                  }}
                >
                  {ghostTime}
                </li>
              ) : null}
              {column.day === format.today ? (
                <li
                  className={styles.now}
                  style={{ top: percent(minuteOf(now, timeZone)) }}
                  aria-hidden
                />
              ) : null}
            </ul>
          ))}
        </div>
      </div>
      <p className="visually-hidden" role="status">
        {ghost?.entry && ghostTo
          ? t("calendar:keys", {
              when: `${format.day(columns[ghost.column]?.day ?? "")} ${ghostTime}`,
            })
          : ""}
      </p>
    </section>
  );
}

const pad = (value: number) => String(value).padStart(2, "0");

export const keyOf = (entry: Entry, column?: Column) =>
  `${entry.id ?? `${entry.person_id}.${entry.starts_at}`}.${column?.key ?? ""}`;

/** The present minute. */
function useMinute(): string {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
