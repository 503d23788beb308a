import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import type { Money } from "@/api/types";
import { minorDigits, moneyHint, parseAmount } from "@/shared/format/money";
import styles from "./fields.module.css";

type Props = {
  value?: Money | null;
  onChange?: (value: Money | null) => void;
  id?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  size?: "small" | "middle";
  onBlur?: () => void;
  "aria-label"?: string;
};

const plain = (money: Money) => {
  const digits = minorDigits(money.currency);
  return (money.amount_minor / 10 ** digits).toFixed(digits).replace(/\.0+$/, "");
};

/** An amount, typed as people write it (`12.5万`, `1,234.50`); below stands how it was understood. */
export function MoneyInput({ value, onChange, ...rest }: Props) {
  const { t, i18n } = useTranslation("app");
  const company = useMeta().currency;
  const currency = value?.currency ?? company;
  const [draft, setDraft] = useState<string>();
  const amount = draft === undefined ? null : parseAmount(draft, currency);
  const isWrong = Boolean(draft?.trim()) && amount === null;
  const hint = value ? moneyHint(value, i18n.language) : null;

  const type = (text: string) => {
    setDraft(text);
    if (!text.trim()) return onChange?.(null);
    const amount_minor = parseAmount(text, currency);
    if (amount_minor !== null) onChange?.({ amount_minor, currency });
  };
  return (
    <div>
      <Input
        {...rest}
        value={draft ?? (value ? plain(value) : "")}
        onChange={(event) => type(event.target.value)}
        onBlur={() => {
          if (!isWrong) setDraft(undefined);
          rest.onBlur?.();
        }}
        inputMode="decimal"
        status={isWrong ? "error" : undefined}
        suffix={
          <span className={styles.unit}>{currency === "CNY" ? t("app:yuan") : currency}</span>
        }
      />
      {isWrong ? (
        <div className={styles.wrong} role="alert">
          {t("app:money_wrong")}
        </div>
      ) : hint ? (
        <div className={styles.hint}>{hint}</div>
      ) : null}
    </div>
  );
}
