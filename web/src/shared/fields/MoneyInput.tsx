import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import type { Money } from "@/api/types";
import { minorDigits, moneyHint, namesOtherCurrency, parseAmount } from "@/shared/format/money";
import styles from "./fields.module.css";

/** Text that is no amount stays the value, so that nothing else is saved in its place. */
export type Typed = Money | string | null;

type Props = {
  value?: Typed;
  onChange?: (value: Typed) => void;
  id?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  size?: "small" | "middle";
  onBlur?: () => void;
  "aria-label"?: string;
  /** Where it isn't what the company counts in. */
  currency?: string;
  /** Marks it from outside, beside what it finds wrong by itself. */
  isWrong?: boolean;
};

export const isMoney = (value: Typed | undefined): value is Money =>
  typeof value === "object" && value !== null;

const plain = (money: Money) => {
  const digits = minorDigits(money.currency);
  return (money.amount_minor / 10 ** digits).toFixed(digits).replace(/\.0+$/, "");
};

/** An amount, typed as people write it (`12.5万`, `1,234.50`); below stands how it was understood. */
export function MoneyInput({
  value,
  onChange,
  isWrong: isMarked,
  currency: named,
  ...rest
}: Props) {
  const { t, i18n } = useTranslation("app");
  const company = useMeta().currency;
  const [draft, setDraft] = useState<string>();
  const given = isMoney(value) ? value : null;
  const known = given && named ? { ...given, currency: named } : given;
  const currency = known?.currency ?? named ?? company;
  const text = draft ?? (typeof value === "string" ? value : known ? plain(known) : "");
  const isWrong = typeof value === "string" && value.trim() !== "";
  const hint = known ? moneyHint(known, i18n.language) : null;

  const type = (next: string) => {
    setDraft(next);
    if (!next.trim()) return onChange?.(null);
    const amount_minor = parseAmount(next, currency);
    onChange?.(amount_minor === null ? next : { amount_minor, currency });
  };
  return (
    <div>
      <Input
        {...rest}
        value={text}
        onChange={(event) => type(event.target.value)}
        onBlur={() => {
          setDraft(undefined);
          rest.onBlur?.();
        }}
        inputMode="decimal"
        status={isWrong || isMarked ? "error" : undefined}
        aria-invalid={isWrong || isMarked || undefined}
        suffix={
          <span className={styles.unit}>{currency === "CNY" ? t("app:yuan") : currency}</span>
        }
      />
      {isWrong ? (
        <div className={styles.wrong} role="alert">
          {namesOtherCurrency(text, currency)
            ? t("app:money_currency", { currency })
            : t("app:money_wrong")}
        </div>
      ) : hint ? (
        <div className={styles.hint}>{hint}</div>
      ) : null}
    </div>
  );
}
