import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Money, Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import recordStyles from "@/shared/resource/record/record.module.css";
import { Bar } from "@/shared/ui/Bar";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { refreshMoney } from "../money";
import styles from "./matching.module.css";

type Props = { of: "payment_id" | "contract_id"; row: Row };

/** What a payment settles, or what came in for a contract; each match can be taken back. */
export function MatchList({ of, row }: Props) {
  const { t } = useTranslation(["contracts", "app"]);
  const mayRead = useResource("payment_matches") !== undefined;
  const filter = JSON.stringify({ field: of, op: "in", value: [row.id] });
  const query = { filter, sort: "received_on", page_size: 50 };
  const list = useList("payment_matches", query, mayRead);
  const mayTakeBack = useMe().can.payments?.includes("edit") ?? false;
  if (!mayRead || list.isError) return null;
  const other = of === "payment_id" ? "contract_id" : "payment_id";
  const resource = of === "payment_id" ? "contracts" : "payments";
  return (
    <section className={recordStyles.related}>
      <header>
        <h2>
          {t(of === "payment_id" ? "contracts:matching.settles" : "contracts:matching.received")}
          {list.data ? <span className={recordStyles.count}>{list.data.total.count}</span> : null}
        </h2>
      </header>
      {list.isPending ? <Bar /> : null}
      {list.data?.rows.length === 0 ? (
        <p className={recordStyles.soft}>
          {t(of === "payment_id" ? "contracts:matching.no_match" : "contracts:matching.no_payment")}
        </p>
      ) : null}
      <ul>
        {list.data?.rows.map((match) => (
          <Match
            key={match.id}
            match={match}
            to={recordPath(resource, String(match[other]))}
            name={list.data?.labels[String(match[other])] ?? "—"}
            condition={list.data?.labels[String(match.instalment_id)]}
            mayTakeBack={mayTakeBack}
          />
        ))}
      </ul>
    </section>
  );
}

type MatchProps = {
  match: Row;
  to: string;
  name: string;
  condition: string | undefined;
  mayTakeBack: boolean;
};

function Match({ match, to, name, condition, mayTakeBack }: MatchProps) {
  const { t } = useTranslation("contracts");
  const { message } = App.useApp();
  const format = useFormat();
  const me = useMe();
  const undo = useUndo();
  const problems = useProblems();
  const amount = match.amount as Money | null;
  const takeBack = async () => {
    try {
      const path = `/payments/${String(match.payment_id)}/matches/${match.id}`;
      const { batch } = await api.delete<Row>(path);
      refreshMoney();
      undo(t("contracts:matching.taken_back"), batch);
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  return (
    <li className={styles.match}>
      <Link to={to}>{name}</Link>
      {amount ? <b title={format.exactMoney(amount)}>{format.money(amount)}</b> : null}
      <small>
        {[condition, match.received_on ? format.day(String(match.received_on)) : null]
          .filter(Boolean)
          .join(" · ")}
      </small>
      {mayTakeBack && !me.preview ? (
        <Button type="link" size="small" onClick={takeBack}>
          {t("contracts:matching.take_back")}
        </Button>
      ) : null}
    </li>
  );
}
