import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { addDays } from "@/shared/format/zone";
import { Chips } from "./Chips";
import styles from "./ui.module.css";

type Props = {
  label: string;
  value: string | null | undefined;
  onChange: (day: string | null) => void;
  /** Days from today that are one tap away, for instance `[1, 3, 7]`. */
  offsets: number[];
  canClear?: boolean;
};

/** A day: the usual ones as chips, any other by the calendar. */
export function DayChips({ label, value, onChange, offsets, canClear }: Props) {
  const { t } = useTranslation("app");
  const format = useFormat();
  const days = offsets.map((offset) => addDays(format.today, offset));
  const isOther = Boolean(value) && !days.includes(value ?? "");
  return (
    <div className={styles.chips}>
      <Chips
        label={label}
        value={value}
        onChange={onChange}
        canClear={canClear}
        options={days.map((day, index) => {
          const offset = offsets[index] ?? 0;
          return {
            value: day,
            label: Math.abs(offset) <= 1 ? format.day(day) : t("app:in_days", { days: offset }),
            hint: Math.abs(offset) > 1 ? format.weekdayName(day) : undefined,
          };
        })}
      />
      <DatePicker
        className={styles.otherDay}
        data-chosen={isOther || undefined}
        value={isOther ? dayjs(value) : null}
        placeholder={t("app:other_day")}
        aria-label={`${label} ${t("app:other_day")}`}
        allowClear={false}
        inputReadOnly
        onChange={(next) => onChange(next ? next.format("YYYY-MM-DD") : null)}
      />
    </div>
  );
}
