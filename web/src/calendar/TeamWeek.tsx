import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import styles from "./calendar.module.css";
import { useDayName } from "./dayName";
import { EntryBlock } from "./EntryBlock";
import { isOn } from "./lanes";
import { keyOf } from "./TimeGrid";
import type { Calendar, Entry } from "./useCalendar";

/** People downwards, the days of a week side by side. */
export function TeamWeek({
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
  return (
    <ScrollBox className={styles.teamBox} label={t("calendar:title")}>
      <table className={styles.team}>
        <thead>
          <tr>
            <th scope="col">{t("calendar:person")}</th>
            {days.map((day) => {
              const name = dayName(day);
              return (
                <th
                  key={day}
                  scope="col"
                  className={styles.head}
                  data-today={day === format.today || undefined}
                  data-free={name.isFree || undefined}
                >
                  <span>{name.weekday}</span>
                  <b>{name.number}</b>
                  {name.mark ? (
                    <small data-working={name.isMadeUp || undefined}>{name.mark}</small>
                  ) : null}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {data.people.map((person) => (
            <tr key={person.id}>
              <th scope="row">{person.name}</th>
              {days.map((day) => (
                <td key={day} data-free={dayName(day).isFree || undefined}>
                  <ul>
                    {data.entries
                      .filter(
                        (entry) =>
                          entry.person_id === person.id && isOn(entry, day, format.timeZone),
                      )
                      .map((entry) => (
                        <li key={keyOf(entry)}>
                          <EntryBlock entry={entry} labels={data.labels} isLine open={open} />
                        </li>
                      ))}
                  </ul>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
