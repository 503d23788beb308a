import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { weekday } from "@/shared/format/month";
import type { Holiday } from "./useCalendar";

/** A day as the calendar names it: weekday, number, and what is special about it. */
export function useDayName(holidays: Holiday[]) {
  const { t, i18n } = useTranslation("calendar");
  return useMemo(() => {
    const special = new Map(holidays.map((holiday) => [holiday.day, holiday]));
    const weekdays = new Intl.DateTimeFormat(i18n.language, { timeZone: "UTC", weekday: "short" });
    return (day: string) => {
      const holiday = special.get(day);
      const isWeekend = weekday(day) >= 5;
      const isMadeUp = holiday?.is_working ?? false;
      return {
        weekday: weekdays.format(new Date(`${day}T00:00:00Z`)),
        number: Number(day.slice(8)),
        mark: holiday ? (isMadeUp ? t("calendar:made_up") : holiday.name) : "",
        isMadeUp,
        isFree: holiday ? !holiday.is_working : isWeekend,
      };
    };
  }, [holidays, i18n.language, t]);
}
