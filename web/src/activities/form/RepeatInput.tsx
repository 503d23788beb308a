import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { DayInput } from "@/shared/fields/DayInput";
import { weekday } from "@/shared/format/month";
import { addDays } from "@/shared/format/zone";
import { ToggleChip } from "@/shared/ui/Chips";
import { type Repeat, weeklyOn } from "./repeat";
import styles from "./repeat.module.css";

const freqs = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const weekdays = [0, 1, 2, 3, 4, 5, 6];
const monday = "2026-11-23";

type Props = {
  value: Repeat | null;
  onChange: (repeat: Repeat | null) => void;
  /** The day of the first time. */
  day: string;
};

/** How often, on which weekdays, and until when. */
export function RepeatInput({ value, onChange, day }: Props) {
  const { t, i18n } = useTranslation("activities");
  const set = (change: Partial<Repeat>) => value && onChange({ ...value, ...change });
  const short = new Intl.DateTimeFormat(i18n.language, { timeZone: "UTC", weekday: "narrow" });
  const long = new Intl.DateTimeFormat(i18n.language, { timeZone: "UTC", weekday: "long" });
  const dateOf = (index: number) => new Date(`${addDays(monday, index)}T00:00:00Z`);
  const end = value?.end ?? { kind: "never" as const };
  const toggle = (index: number, isOn: boolean) => {
    const next = isOn
      ? [...(value?.weekdays ?? []), index]
      : (value?.weekdays ?? []).filter((one) => one !== index);
    // Without any weekday there would be no next time.
    set({ weekdays: next.length > 0 ? next : [weekday(day)] });
  };
  return (
    <div className={styles.repeat}>
      <div className={styles.row}>
        <Select
          value={value?.freq ?? "never"}
          aria-label={t("activities:repeat.title")}
          onChange={(chosen: Repeat["freq"] | "never" | "WORKDAYS") => {
            const base = value ?? weeklyOn(day);
            if (chosen === "never") onChange(null);
            else if (chosen === "WORKDAYS") {
              onChange({ ...base, freq: "WEEKLY", interval: 1, weekdays: weekdays.slice(0, 5) });
            } else onChange({ ...base, freq: chosen });
          }}
          options={[
            { value: "never", label: t("activities:repeat.never") },
            { value: "WORKDAYS", label: t("activities:repeat.WORKDAYS") },
            ...freqs.map((freq) => ({ value: freq, label: t(`activities:repeat.${freq}`) })),
          ]}
        />
        {value ? (
          <InputNumber
            min={1}
            max={99}
            precision={0}
            value={value.interval}
            aria-label={t("activities:repeat.interval")}
            prefix={t("activities:repeat.every")}
            suffix={t(`activities:repeat.units.${value.freq}`)}
            onChange={(interval) => set({ interval: interval ?? 1 })}
          />
        ) : null}
      </div>
      {value?.freq === "WEEKLY" ? (
        <fieldset className={styles.days}>
          <legend className="visually-hidden">{t("activities:repeat.weekdays")}</legend>
          {weekdays.map((index) => (
            <ToggleChip
              key={index}
              checked={value.weekdays.includes(index)}
              onChange={(isOn) => toggle(index, isOn)}
            >
              <span aria-hidden>{short.format(dateOf(index))}</span>
              <span className="visually-hidden">{long.format(dateOf(index))}</span>
            </ToggleChip>
          ))}
        </fieldset>
      ) : null}
      {value ? (
        <div className={styles.row}>
          <Select
            value={end.kind}
            aria-label={t("activities:repeat.end")}
            onChange={(kind: Repeat["end"]["kind"]) => {
              if (kind === "until") set({ end: { kind, day: addDays(day, 90) } });
              else if (kind === "count") set({ end: { kind, count: 10 } });
              else set({ end: { kind } });
            }}
            options={(["never", "until", "count"] as const).map((kind) => ({
              value: kind,
              label: t(`activities:repeat.ends.${kind}`),
            }))}
          />
          {end.kind === "until" ? (
            <DayInput
              value={end.day}
              aria-label={t("activities:repeat.ends.until")}
              onChange={(until) => until && set({ end: { kind: "until", day: until } })}
            />
          ) : null}
          {end.kind === "count" ? (
            <InputNumber
              min={1}
              max={400}
              precision={0}
              value={end.count}
              aria-label={t("activities:repeat.ends.count")}
              suffix={t("activities:repeat.times")}
              onChange={(count) => set({ end: { kind: "count", count: count ?? 1 } })}
            />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
