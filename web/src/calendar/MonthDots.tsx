import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { Agenda } from "./Agenda";
import styles from "./calendar.module.css";
import { useDayName } from "./dayName";
import { toneOf } from "./EntryBlock";
import { isOn } from "./lanes";
import { keyOf } from "./TimeGrid";
import type { Calendar, Entry } from "./useCalendar";

type Props = {
  data: Calendar;
  /** Whole weeks. */
  days: string[];
  /** The day whose entries stand below. */
  day: string;
  choose: (day: string) => void;
  open: (entry: Entry) => void;
};

const most = 3;

/** A month for a narrow screen: a dot for each entry, and the chosen day in words below. */
export function MonthDots({ data, days, day, choose, open }: Props) {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const dayName = useDayName(data.holidays);
  const now = Date.now();
  return (
    <div className={styles.dotsBox}>
      <div className={styles.dots}>
        {days.slice(0, 7).map((one) => (
          <span key={one} aria-hidden>
            {dayName(one).weekday}
          </span>
        ))}
        {days.map((one) => {
          const name = dayName(one);
          const here = data.entries.filter((entry) => isOn(entry, one, format.timeZone));
          return (
            <button
              key={one}
              type="button"
              aria-pressed={one === day}
              aria-label={`${format.exactDay(one)}${name.mark ? ` ${name.mark}` : ""}, ${t("calendar:entries", { count: here.length })}`}
              data-other={one.slice(0, 7) !== day.slice(0, 7) || undefined}
              data-today={one === format.today || undefined}
              data-free={name.isFree || undefined}
              onClick={() => choose(one)}
            >
              <b>{name.number}</b>
              {name.mark ? (
                <small data-working={name.isMadeUp || undefined}>{name.mark}</small>
              ) : null}
              <span aria-hidden>
                {here.slice(0, most).map((entry) => (
                  <i key={keyOf(entry)} data-tone={toneOf(entry, now)} />
                ))}
              </span>
            </button>
          );
        })}
      </div>
      <Agenda data={data} days={[day]} open={open} />
    </div>
  );
}
