import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useMeta } from "@/api/queries";
import type { Money } from "@/api/types";
import { exactDay, exactInstant, sayDay, sayInstant } from "./date";
import { exactMoney, shortMoney } from "./money";

/** The format functions, bound to the person's language and time zone. Only inside the shell. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const timeZone = useMe().person.time_zone || "Asia/Shanghai";
  const { today } = useMeta();
  return useMemo(
    () => ({
      today,
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
