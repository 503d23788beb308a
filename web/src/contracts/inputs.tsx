import { useTranslation } from "react-i18next";
import { useList, useMeta } from "@/api/queries";
import type { Money } from "@/api/types";
import type { OwnInputProps } from "@/shared/features";
import { isMoney, MoneyInput, type Typed } from "@/shared/fields/MoneyInput";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./inputs.module.css";
import { inBase } from "./money";

/** An amount in the currency that the record names. */
export function OwnAmountInput({ id, value, onChange, values }: OwnInputProps) {
  const currency = values.currency ? String(values.currency) : undefined;
  return <MoneyInput id={id} value={value as Typed} onChange={onChange} currency={currency} />;
}

/** What came in; below stands how much of it is more than what is open. */
export function PaymentAmountInput({ id, value, onChange, values, row }: OwnInputProps) {
  const amount = inBase(values);
  const matched = (row?.matched_amount as Money | null | undefined)?.amount_minor ?? 0;
  return (
    <>
      <MoneyInput id={id} value={value as Typed} onChange={onChange} />
      {amount !== null && amount > matched ? (
        <AboveOpen minor={amount - matched} values={values} />
      ) : null}
    </>
  );
}

/** Says what will stay unmatched of an amount in minor units. */
function AboveOpen({ minor, values }: { minor: number; values: Record<string, unknown> }) {
  const { t } = useTranslation("payments");
  const { currency } = useMeta();
  const format = useFormat();
  const field = values.contract_id ? "contract_id" : "customer_id";
  const filter = JSON.stringify({
    and: [
      { field, op: "in", value: [values[field]] },
      { field: "state", op: "in", value: ["open"] },
    ],
  });
  const list = useList(
    "instalments",
    { filter, sort: "due_on", page_size: 200 },
    Boolean(values[field]),
  );
  if (!list.data) return null;
  const amounts = list.data.rows.map((row) => row.open_amount as Typed | undefined);
  // Who may not see what is open is not told how much is missing.
  if (!amounts.every((amount) => isMoney(amount))) return null;
  const open = amounts.reduce((sum, amount) => sum + amount.amount_minor, 0);
  if (minor <= open) return null;
  const money = (amount_minor: number) => format.exactMoney({ amount_minor, currency });
  const whose = t(`payments:form.of.${field}`);
  return (
    <output className={styles.above}>
      {open > 0
        ? t("payments:form.above_open", { whose, open: money(open), over: money(minor - open) })
        : t("payments:form.above_none", { whose })}
    </output>
  );
}
