import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { TimeInput } from "@/shared/fields/TimeInput";
import { DayChips } from "@/shared/ui/DayChips";
import styles from "../activities.module.css";
import type { Span } from "./times";

const lengths = [10, 15, 30, 45, 60, 90, 120, 180, 240, 480];

type Props = {
  value: Span;
  onChange: (span: Span) => void;
  /** Days from today that are one tap away. */
  offsets: number[];
  isAllDay?: boolean;
};

/** When something is or was, and how long it takes. */
export function SpanInput({ value, onChange, offsets, isAllDay }: Props) {
  const { t } = useTranslation("activities");
  const set = (change: Partial<Span>) => onChange({ ...value, ...change });
  const offered = lengths.includes(value.minutes)
    ? lengths
    : [...lengths, value.minutes].sort((a, b) => a - b);
  return (
    <div className={styles.span}>
      <DayChips
        label={t("activities:form.day")}
        value={value.day}
        offsets={offsets}
        onChange={(day) => day && set({ day })}
      />
      {isAllDay ? null : (
        <div className={styles.times}>
          <TimeInput
            value={value.start}
            onChange={(start) => set({ start })}
            aria-label={t("activities:form.start")}
          />
          <Select
            value={value.minutes}
            aria-label={t("activities:form.length")}
            popupMatchSelectWidth={false}
            onChange={(minutes) => set({ minutes })}
            options={offered.map((minutes) => ({
              value: minutes,
              label: sayMinutes(minutes, t),
            }))}
          />
        </div>
      )}
    </div>
  );
}

type Say = (key: string, values: Record<string, unknown>) => string;

/** `45 分钟`, `1 小时`, `1 小时 30 分`. */
export function sayMinutes(minutes: number, t: Say): string {
  if (minutes < 60) return t("activities:length.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0
    ? t("activities:length.hours", { hours })
    : t("activities:length.both", { hours, minutes: rest });
}
