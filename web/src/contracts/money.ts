import { refresh } from "@/api/queries";
import type { Schemas } from "@/api/types";
import { isMoney, type Typed } from "@/shared/fields/MoneyInput";
import { dayNumber } from "@/shared/format/date";

export type Plan = Schemas["InstalmentPlan"];
export type Instalment = Schemas["Instalment"];

/** What a payment or a plan changes is shown in many places. */
export function refreshMoney(): void {
  for (const resource of ["contracts", "instalments", "payments", "payment_matches", "invoices"]) {
    refresh(resource);
  }
}

/** The whole days from its due day to today; less than 1 while it is not overdue. */
export function daysOverdue(dueOn: string, today: string): number {
  return dayNumber(today) - dayNumber(dueOn);
}

/** What an instalment in a plan may hold while it is being written; anything may still be missing. */
export type DraftInstalment = {
  key: string;
  id?: string;
  condition: string;
  due_on: string | null;
  amount_minor: number | null;
};

/** How much of the amount is not planned yet, in minor units; negative when too much is. */
export const unplanned = (amountMinor: number, rows: DraftInstalment[]) =>
  amountMinor - rows.reduce((sum, row) => sum + (row.amount_minor ?? 0), 0);

export const isWhole = (row: DraftInstalment) =>
  row.condition.trim() !== "" && row.due_on !== null && (row.amount_minor ?? 0) > 0;

/** What a form's amount is in the company's currency, in minor units; null while it isn't known. */
export function inBase(values: Record<string, unknown>): number | null {
  const typed = (values.currency ? values.own_amount : values.amount) as Typed | undefined;
  if (!isMoney(typed)) return null;
  if (!values.currency) return typed.amount_minor;
  const rate = Number(values.rate);
  return rate > 0 ? Math.round(typed.amount_minor * rate) : null;
}
