import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import { useFormat } from "@/shared/format/useFormat";

export type Unit = string;

/** Figures as people read them, by their unit; what has no value is a dash. */
export function useFigureText() {
  const { t, i18n } = useTranslation("dashboard");
  const format = useFormat();
  const { currency } = useMeta();
  const language = i18n.language;
  return useMemo(() => {
    const number = (value: number, digits: number) =>
      new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
    const percent = (value: number, digits: number) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(
        value,
      );
    const said = (value: number | null | undefined, unit: Unit, isExact: boolean) => {
      if (value === null || value === undefined) return "—";
      switch (unit) {
        case "money": {
          const money = { amount_minor: Math.round(value), currency };
          return isExact ? format.exactMoney(money) : format.money(money);
        }
        case "ratio":
          return percent(value, isExact ? 4 : 1);
        case "days":
          return t("dashboard:days", { days: number(value, 1) });
        case "count":
          return number(value, 0);
        default:
          return number(value, isExact ? 6 : 2);
      }
    };
    return {
      short: (value: number | null | undefined, unit: Unit) => said(value, unit, false),
      exact: (value: number | null | undefined, unit: Unit) => said(value, unit, true),
      /** A change with its direction: `+12%`. */
      change: (value: number | null | undefined) =>
        value === null || value === undefined
          ? "—"
          : new Intl.NumberFormat(language, {
              style: "percent",
              maximumFractionDigits: Math.abs(value) < 0.1 ? 1 : 0,
              signDisplay: "exceptZero",
            }).format(value),
    };
  }, [language, format, currency, t]);
}

export type FigureText = ReturnType<typeof useFigureText>;
