import { EditOutlined, PhoneOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys, useMe, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useCreate } from "@/shared/resource/CreateProvider";
import recordStyles from "@/shared/resource/record/record.module.css";
import { Bar } from "@/shared/ui/Bar";
import { daysOverdue, type Instalment, type Plan } from "../money";
import { PlanDialog } from "./PlanDialog";
import styles from "./plan.module.css";

/** When what is to be paid, and what of it came in. */
export function PlanPanel({ row }: { row: Row }) {
  const { t } = useTranslation(["contracts", "app"]);
  const me = useMe();
  const format = useFormat();
  const [isEditing, setIsEditing] = useState(false);
  const plan = useQuery({
    queryKey: keys.part("contracts", row.id, "plan"),
    queryFn: ({ signal }) => api.get<Plan>(`/contracts/${row.id}/plan`, undefined, signal),
  });
  // Who may not see amounts may not see what they are made of.
  if (plan.isError) return null;
  const rows = plan.data?.rows ?? [];
  const difference = plan.data ? plan.data.amount.amount_minor - plan.data.planned.amount_minor : 0;
  return (
    <section className={recordStyles.related}>
      <header>
        <h2>
          {t("contracts:plan.title")}
          {plan.data ? <span className={recordStyles.count}>{rows.length}</span> : null}
        </h2>
        {row.can.includes("edit") && !me.preview && plan.data ? (
          <Button
            type="text"
            size="small"
            icon={<EditOutlined />}
            aria-label={t("contracts:plan.edit")}
            onClick={() => setIsEditing(true)}
          />
        ) : null}
      </header>
      {plan.isPending ? <Bar /> : null}
      {plan.data && rows.length === 0 ? (
        <p className={recordStyles.soft}>{t("contracts:plan.none")}</p>
      ) : null}
      <ol className={styles.rows}>
        {rows.map((instalment) => (
          <PlanLine key={instalment.id} instalment={instalment} />
        ))}
      </ol>
      {plan.data && rows.length > 0 && difference !== 0 ? (
        <p className={styles.differs} role="alert">
          {t("contracts:plan.differs", {
            amount: format.exactMoney({ ...plan.data.amount, amount_minor: Math.abs(difference) }),
          })}
        </p>
      ) : null}
      {isEditing && plan.data ? (
        <PlanDialog contract={row} plan={plan.data} close={() => setIsEditing(false)} />
      ) : null}
    </section>
  );
}

function PlanLine({ instalment }: { instalment: Instalment }) {
  const { t } = useTranslation(["contracts", "instalments"]);
  const format = useFormat();
  const me = useMe();
  const create = useCreate();
  const mayPlan = useResource("activities")?.actions.includes("create") && !me.preview;
  const { due_on, amount, open_amount, received_amount, state } = instalment;
  if (!amount || !due_on) return null;
  const late = state === "open" ? daysOverdue(due_on, format.today) : 0;
  const isPartly = state === "open" && (received_amount?.amount_minor ?? 0) > 0;
  return (
    <li className={styles.row} data-state={late > 0 ? "overdue" : state}>
      <Link to={recordPath("instalments", instalment.id)}>{instalment.condition}</Link>
      <b title={format.exactMoney(amount)}>{format.money(amount)}</b>
      <span className={styles.due}>
        <time dateTime={due_on} title={format.exactDay(due_on)}>
          {format.day(due_on)}
        </time>
        {isPartly && open_amount ? (
          <> · {t("contracts:plan.still", { amount: format.exactMoney(open_amount) })}</>
        ) : null}
        {instalment.promised_on && state === "open" ? (
          <> · {t("contracts:plan.promised", { day: format.day(instalment.promised_on) })}</>
        ) : null}
      </span>
      <span className={styles.state}>
        {late > 0
          ? t("contracts:plan.overdue", { count: late })
          : t(`instalments:choices.state.${state ?? "planned"}`)}
      </span>
      {state === "open" && mayPlan ? (
        <Button
          type="text"
          size="small"
          icon={<PhoneOutlined />}
          className={styles.collect}
          onClick={() =>
            create("activities", {
              customer_id: instalment.customer_id,
              family: "return_visit",
              purpose: t("contracts:plan.collect_purpose", {
                condition: instalment.condition,
                amount: open_amount ? format.exactMoney(open_amount) : "",
              }),
            })
          }
        >
          {t("contracts:plan.collect")}
        </Button>
      ) : null}
    </li>
  );
}
