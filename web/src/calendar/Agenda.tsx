import { CalendarOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { Empty } from "@/shared/ui/Empty";
import styles from "./calendar.module.css";
import { useDayName } from "./dayName";
import { toneOf, useEntryText } from "./EntryBlock";
import { isOn } from "./lanes";
import { keyOf } from "./TimeGrid";
import type { Calendar, Entry } from "./useCalendar";

/** Day by day, one below the other: what is on, with whom. */
export function Agenda({
  data,
  days,
  open,
}: {
  data: Calendar;
  days: string[];
  open: (entry: Entry) => void;
}) {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const dayName = useDayName(data.holidays);
  const textOf = useEntryText();
  const filled = days
    .map((day) => ({ day, here: data.entries.filter((one) => isOn(one, day, format.timeZone)) }))
    .filter(({ day, here }) => here.length > 0 || day === format.today || days.length === 1);
  if (days.length > 1 && filled.every(({ here }) => here.length === 0)) {
    return (
      <Empty
        title={t("calendar:none")}
        text={t("calendar:none_text")}
        icon={<CalendarOutlined />}
      />
    );
  }
  return (
    <div className={styles.agenda}>
      {filled.map(({ day, here }) => {
        const name = dayName(day);
        return (
          <section key={day}>
            <h2 data-today={day === format.today || undefined} data-free={name.isFree || undefined}>
              {format.day(day)}
              <span>{name.weekday}</span>
              {name.mark ? (
                <small data-working={name.isMadeUp || undefined}>{name.mark}</small>
              ) : null}
            </h2>
            {here.length === 0 ? <p className={styles.soft}>{t("calendar:free")}</p> : null}
            <ul>
              {here.map((entry) => {
                const text = textOf(entry, data.labels);
                const whose =
                  data.people.length > 1
                    ? data.people.find((one) => one.id === entry.person_id)?.name
                    : undefined;
                return (
                  <li key={keyOf(entry)}>
                    <button
                      type="button"
                      className={styles.agendaEntry}
                      data-tone={toneOf(entry, Date.now())}
                      disabled={entry.is_busy_only}
                      onClick={() => open(entry)}
                    >
                      <time dateTime={entry.starts_at}>
                        {entry.is_all_day ? t("calendar:all_day") : format.time(entry.starts_at)}
                        {entry.is_all_day ? null : <small>{format.time(entry.ends_at)}</small>}
                      </time>
                      <span>
                        {text.name}
                        {whose ? <small>{whose}</small> : null}
                      </span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
