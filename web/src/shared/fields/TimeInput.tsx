import { TimePicker } from "antd";
import dayjs from "dayjs";
import { useIsPhone } from "@/shared/ui/useMedia";

type Props = {
  /** `HH:mm`. */
  value: string;
  onChange: (time: string) => void;
  "aria-label": string;
};

/** A time of the day, to five minutes. */
export function TimeInput({ value, onChange, ...rest }: Props) {
  const isPhone = useIsPhone();
  return (
    <TimePicker
      {...rest}
      format="HH:mm"
      minuteStep={5}
      allowClear={false}
      needConfirm={false}
      showNow={false}
      inputReadOnly={isPhone}
      style={{ width: 96 }}
      value={dayjs(`2000-01-01T${value}`)}
      onChange={(next) => {
        if (next) onChange(next.format("HH:mm"));
      }}
    />
  );
}
