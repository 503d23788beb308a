import { DatePicker } from "antd";
import dayjs from "dayjs";

type Props = {
  value?: string | null;
  onChange?: (value: string | null) => void;
  id?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  "aria-label"?: string;
};

/** A calendar day as `YYYY-MM-DD`. */
export function DayInput({ value, onChange, ...rest }: Props) {
  return (
    <DatePicker
      {...rest}
      style={{ width: "100%" }}
      value={value ? dayjs(value) : null}
      onChange={(next) => onChange?.(next ? next.format("YYYY-MM-DD") : null)}
    />
  );
}

/** An instant, shown in the browser's zone and kept in UTC. */
export function InstantInput({ value, onChange, ...rest }: Props) {
  return (
    <DatePicker
      {...rest}
      showTime={{ format: "HH:mm" }}
      style={{ width: "100%" }}
      value={value ? dayjs(value) : null}
      onChange={(next) => onChange?.(next ? next.toISOString() : null)}
    />
  );
}
