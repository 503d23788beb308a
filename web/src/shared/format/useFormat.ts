import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useMeta } from "@/api/queries";
import type { Money } from "@/api/types";
import { dayOf, exactDay, exactInstant, sayDay, sayInstant, weekday, weekdayName } from "./date";
import { exactMoney, shortMoney } from "./money";
import { timeOf } from "./zone";

/** The format functions, bound to the person's language and time zone. Only inside the shell. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const timeZone = useMe().person.time_zone || "Asia/Shanghai";
  const { today } = useMeta();
  return useMemo(
    () => ({
      today,
      timeZone,
      /** The day of an instant in the person's time zone. */
      dayOf: (instant: string) => dayOf(new Date(instant), timeZone),
      /** `09:30` in the person's time zone. */
      time: (instant: string) => timeOf(instant, timeZone),
      /** `11月24日周二`, `Tue, Nov 24`. */
      weekday: (day: string) => weekday(day, language),
      /** `周二`, `Tue`. */
      weekdayName: (day: string) => weekdayName(day, language),
      money: (money: Money) => shortMoney(money, language),
      exactMoney: (money: Money) => exactMoney(money, language),
      day: (day: string) => sayDay(day, today, language),
      exactDay: (day: string) => exactDay(day, language),
      instant: (instant: string) => sayInstant(instant, new Date(), timeZone, language),
      exactInstant: (instant: string) => exactInstant(instant, timeZone, language),
      number: (value: number) => new Intl.NumberFormat(language).format(value),
      bytes: (size: number) =>
        size < 1024 * 1024
          ? `${Math.max(1, Math.round(size / 1024))} KB`
          : `${(size / 1024 / 1024).toFixed(1)} MB`,
    }),
    [language, timeZone, today],
  );
}
