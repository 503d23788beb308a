import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys, useList, useMeta } from "@/api/queries";
import { api } from "@/api/request";
import type { Money, Row, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { isMoney, MoneyInput } from "@/shared/fields/MoneyInput";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { daysOverdue, refreshMoney } from "../money";
import styles from "./matching.module.css";

/** How much of one payment goes to which instalment: proposed, until somebody changes it. */
export function Allocation({ payment, done }: { payment: Row; done: () => void }) {
  const { t } = useTranslation(["contracts", "app"]);
  const { currency } = useMeta();
  const format = useFormat();
  const problems = useProblems();
  const undo = useUndo();
  const [said, setSaid] = useState<Record<string, number>>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const filter = JSON.stringify({
    and: [
      { field: "customer_id", op: "in", value: [payment.customer_id] },
      { field: "state", op: "in", value: ["open"] },
    ],
  });
  const open = useList("instalments", { filter, sort: "due_on", page_size: 200 });
  const proposal = useQuery({
    queryKey: keys.part("payments", payment.id, "proposal"),
    queryFn: ({ signal }) =>
      api.get<Schemas["Proposal"]>(`/payments/${payment.id}/proposal`, undefined, signal),
  });
  if (open.isError) return <ErrorNotice error={open.error} retry={() => open.refetch()} />;
  if (!open.data || proposal.isPending) return <Bar />;
  const proposed = Object.fromEntries(
    (proposal.data?.rows ?? []).map((row) => [row.instalment_id, row.amount.amount_minor]),
  );
  const because = Object.fromEntries(
    (proposal.data?.rows ?? []).map((row) => [row.instalment_id, row.because]),
  );
  const shares = said ?? proposed;
  const rest = (payment.open_amount as Money | null)?.amount_minor ?? 0;
  const total = Object.values(shares).reduce((sum, minor) => sum + minor, 0);
  const money = (amount_minor: number): Money => ({ amount_minor, currency });
  const set = (id: string, minor: number) => setSaid({ ...shares, [id]: minor });
  const { rows, labels } = open.data;

  const match = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const matches = rows
        .map((row) => ({ instalment_id: row.id, amount_minor: shares[row.id] ?? 0 }))
        .filter((share) => share.amount_minor > 0);
      const { batch } = await api.post<Row>(
        `/payments/${payment.id}/matches`,
        { matches },
        { ifMatch: payment.version },
      );
      refreshMoney();
      undo(t("contracts:matching.matched", { amount: format.exactMoney(money(total)) }), batch);
      if (total === rest) done();
    } catch (caught) {
      const sorted = problems.sort(caught, []);
      setError(sorted.others.length > 0 ? sorted.others.join(" ") : problems.text(caught));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className={styles.allocation}>
      <header>
        <h2>
          <Link to={recordPath("payments", payment.id)}>{String(payment.number)}</Link>
          <span>{payment.labels?.[String(payment.customer_id)]}</span>
        </h2>
        <p>
          {t("contracts:matching.to_match")} <b>{format.exactMoney(money(rest))}</b>
          {payment.reference ? <small>{String(payment.reference)}</small> : null}
        </p>
      </header>
      {error ? <Alert type="error" showIcon title={error} role="alert" /> : null}
      {rows.length === 0 ? <p>{t("contracts:matching.nothing_open")}</p> : null}
      <ul>
        {rows.map((row) => {
          const amount = row.open_amount as Money;
          const late = daysOverdue(String(row.due_on), format.today);
          const share = shares[row.id] ?? 0;
          const why = said ? undefined : because[row.id];
          return (
            <li key={row.id} className={styles.open} data-chosen={share > 0 || undefined}>
              <div>
                <b>{String(row.condition)}</b>
                <small>{labels[String(row.contract_id)]}</small>
                <small data-late={late > 0 || undefined}>
                  {format.day(String(row.due_on))}
                  {late > 0 ? ` · ${t("contracts:plan.overdue", { count: late })}` : null}
                </small>
              </div>
              <div className={styles.share}>
                <button
                  type="button"
                  className={styles.whole}
                  onClick={() =>
                    set(row.id, Math.max(0, Math.min(amount.amount_minor, rest - (total - share))))
                  }
                >
                  {t("contracts:plan.still", { amount: format.exactMoney(amount) })}
                </button>
                <MoneyInput
                  value={share > 0 ? money(share) : null}
                  onChange={(next) => set(row.id, isMoney(next) ? next.amount_minor : 0)}
                  aria-label={t("contracts:matching.share", { what: String(row.condition) })}
                />
                {why ? <small>{t(`contracts:matching.because.${why}`)}</small> : null}
              </div>
            </li>
          );
        })}
      </ul>
      <footer>
        <output data-wrong={total > rest || undefined}>
          {t("contracts:matching.rest", { amount: format.exactMoney(money(rest - total)) })}
        </output>
        <Button
          type="primary"
          loading={isBusy}
          disabled={total <= 0 || total > rest}
          onClick={match}
        >
          {t("contracts:matching.match_amount", { amount: format.exactMoney(money(total)) })}
        </Button>
      </footer>
    </div>
  );
}
