import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useRecord } from "@/api/queries";
import type { Money, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useAddress } from "@/shared/ui/useAddress";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useTitle } from "@/shared/ui/useTitle";
import { Allocation } from "./Allocation";
import styles from "./matching.module.css";

const unmatched = JSON.stringify({ field: "open_amount", op: "gt", value: 0 });

/** Payments that are not matched at the left, the open instalments of the chosen one's customer at the right. */
export function MatchingPage() {
  const { t } = useTranslation(["contracts", "payments"]);
  useTitle(t("contracts:matching.title"));
  const isPhone = useIsPhone();
  const [search, set] = useAddress();
  const list = useList("payments", { filter: unmatched, sort: "received_on", page_size: 100 });
  const rows = list.data?.rows ?? [];
  const asked = search.get("payment");
  const chosen = asked ?? (isPhone ? undefined : rows[0]?.id);
  const payment = useRecord("payments", chosen);
  if (list.isError) return <ErrorNotice error={list.error} retry={() => list.refetch()} />;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <nav aria-label={t("payments:title")}>
          <Link to="/payments">{t("payments:title")}</Link>
        </nav>
        <h1>{t("contracts:matching.title")}</h1>
      </header>
      <div className={styles.columns}>
        {isPhone && asked ? null : (
          <section className={styles.left} aria-label={t("payments:views.unmatched")}>
            <h2>
              {t("payments:views.unmatched")} <span>{list.data?.total.count}</span>
            </h2>
            {list.isPending ? <Bar /> : null}
            {list.data && rows.length === 0 ? (
              <Empty
                title={t("contracts:matching.all_matched")}
                text={t("contracts:matching.all_matched_text")}
              />
            ) : null}
            <ul>
              {rows.map((row) => (
                <li key={row.id}>
                  <PaymentCard
                    row={row}
                    customer={list.data?.labels[String(row.customer_id)] ?? ""}
                    isChosen={row.id === chosen}
                    choose={() => set({ payment: row.id }, !isPhone)}
                  />
                </li>
              ))}
            </ul>
          </section>
        )}
        {chosen && payment.data ? (
          <section className={styles.right} aria-label={t("contracts:matching.open_instalments")}>
            {isPhone ? (
              <button
                type="button"
                className={styles.back}
                onClick={() => set({ payment: null }, true)}
              >
                {t("contracts:matching.back")}
              </button>
            ) : null}
            <Allocation
              key={`${payment.data.id}-${payment.data.version}`}
              payment={payment.data}
              done={() => set({ payment: null }, true)}
            />
          </section>
        ) : null}
      </div>
    </div>
  );
}

type CardProps = { row: Row; customer: string; isChosen: boolean; choose: () => void };

function PaymentCard({ row, customer, isChosen, choose }: CardProps) {
  const format = useFormat();
  const open = row.open_amount as Money | null;
  const words = [row.payer, row.reference].filter(Boolean).join(" · ");
  return (
    <button
      type="button"
      className={styles.card}
      aria-current={isChosen ? "true" : undefined}
      onClick={choose}
    >
      <b>{customer}</b>
      {open ? <b title={format.exactMoney(open)}>{format.money(open)}</b> : null}
      <small>{words || String(row.number)}</small>
      <small>{format.day(String(row.received_on))}</small>
    </button>
  );
}
