import { type ReactNode, useId } from "react";
import styles from "./ui.module.css";

export type Chip<T extends string> = { value: T; label: ReactNode; hint?: ReactNode };

type Props<T extends string> = {
  /** Names the group for those who don't see it. */
  label: string;
  options: Chip<T>[];
  value: T | null | undefined;
  onChange: (value: T | null) => void;
  /** Tapping the chosen one again takes the choice back. */
  canClear?: boolean;
  /** Large ones share the width: for the one question that matters. */
  large?: boolean;
};

/** One of a few, chosen with one tap of the thumb. */
export function Chips<T extends string>(props: Props<T>) {
  const { label, options, value, onChange, canClear, large } = props;
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={styles.chips}
      data-large={large ? options.length : undefined}
    >
      {options.map((option) => (
        <label key={option.value} className={styles.chip}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={value === option.value}
            onChange={() => onChange(option.value)}
            onClick={() => {
              if (canClear && value === option.value) onChange(null);
            }}
          />
          <span>
            <span>{option.label}</span>
            {option.hint ? <small>{option.hint}</small> : null}
          </span>
        </label>
      ))}
    </div>
  );
}

/** Something that is so or not, as a chip beside others. */
export function ToggleChip({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <label className={styles.chip}>
      <input
        type="checkbox"
        className="visually-hidden"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
