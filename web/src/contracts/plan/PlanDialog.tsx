import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMeta } from "@/api/queries";
import { api, newKey } from "@/api/request";
import type { Money, Row, Schemas } from "@/api/types";
import { DayInput } from "@/shared/fields/DayInput";
import { isMoney, MoneyInput } from "@/shared/fields/MoneyInput";
import { useFormat } from "@/shared/format/useFormat";
import { Labelled } from "@/shared/ui/DialogFrame";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { type DraftInstalment, isWhole, type Plan, refreshMoney, unplanned } from "../money";
import styles from "./plan.module.css";

type Props = { contract: Row; plan: Plan; close: () => void };

/** The plan while it is being written, with its sum against the contract's amount. */
export function PlanDialog({ contract, plan, close }: Props) {
  const { t } = useTranslation(["contracts", "instalments", "app"]);
  const { today, currency } = useMeta();
  const format = useFormat();
  const problems = useProblems();
  const undo = useUndo();
  const [amount, setAmount] = useState<Money>(plan.amount);
  const [rows, setRows] = useState<DraftInstalment[]>(() =>
    plan.rows.map((row) => ({
      key: row.id,
      id: row.id,
      condition: row.condition ?? "",
      due_on: row.due_on ?? null,
      amount_minor: row.amount?.amount_minor ?? null,
    })),
  );
  const [parts, setParts] = useState(3);
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const left = unplanned(amount.amount_minor, rows);
  const money = (amount_minor: number) => ({ amount_minor, currency });
  const set = (key: string, change: Partial<DraftInstalment>) =>
    setRows((known) => known.map((row) => (row.key === key ? { ...row, ...change } : row)));

  const attempt = async (work: () => Promise<void>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (caught) {
      const sorted = problems.sort(caught, []);
      setError(sorted.others.length > 0 ? sorted.others.join(" ") : problems.text(caught));
    } finally {
      setIsBusy(false);
    }
  };
  const split = () =>
    attempt(async () => {
      const even = await api.get<Schemas["EvenPlan"]>(`/contracts/${contract.id}/plan/split`, {
        parts,
        amount_minor: amount.amount_minor,
      });
      // Those that are there keep their place, so that what came in stays with them.
      setRows((known) =>
        even.rows.map((row, index) => ({
          key: known[index]?.key ?? newKey(),
          id: known[index]?.id,
          condition: row.condition,
          due_on: row.due_on,
          amount_minor: row.amount.amount_minor,
        })),
      );
    });
  const save = () => {
    if (!rows.every(isWhole)) return setError(t("contracts:plan.unfinished"));
    return attempt(async () => {
      const body = {
        amount: amount.amount_minor === plan.amount.amount_minor ? undefined : amount,
        rows: rows.map(({ id, condition, due_on, amount_minor }) => ({
          id,
          condition,
          due_on,
          amount: money(amount_minor ?? 0),
        })),
      };
      const path = `/contracts/${contract.id}/plan`;
      const { data, batch } = await api.put<Plan>(path, body, { ifMatch: plan.version });
      queryClient.setQueryData(keys.part("contracts", contract.id, "plan"), data);
      refreshMoney();
      undo(t("contracts:plan.saved"), batch);
      close();
    });
  };
  return (
    <Modal
      open
      width={760}
      title={t("contracts:plan.title")}
      okText={t("app:save")}
      okButtonProps={{ loading: isBusy, disabled: rows.length > 0 && left !== 0 }}
      onOk={save}
      onCancel={close}
    >
      <div className={styles.dialog}>
        {error ? <Alert type="error" showIcon title={error} role="alert" /> : null}
        <div className={styles.head}>
          <Labelled label={t("contracts:fields.amount")} htmlFor="plan-amount">
            <MoneyInput
              id="plan-amount"
              value={amount}
              disabled={Boolean(contract.currency)}
              onChange={(next) => setAmount(isMoney(next) ? next : money(0))}
            />
          </Labelled>
          <div className={styles.split}>
            <InputNumber
              min={2}
              max={120}
              precision={0}
              value={parts}
              onChange={(next) => setParts(next ?? 2)}
              aria-label={t("contracts:plan.parts")}
            />
            <Button onClick={split} loading={isBusy}>
              {t("contracts:plan.split", { count: parts })}
            </Button>
          </div>
        </div>
        {rows.map((row, index) => (
          <fieldset key={row.key} className={styles.editRow}>
            <legend className="visually-hidden">
              {t("contracts:plan.part", { number: index + 1 })}
            </legend>
            <Input
              value={row.condition}
              maxLength={255}
              onChange={(event) => set(row.key, { condition: event.target.value })}
              placeholder={t("instalments:fields.condition")}
              aria-label={t("instalments:fields.condition")}
            />
            <DayInput
              value={row.due_on}
              onChange={(due_on) => set(row.key, { due_on })}
              aria-label={t("instalments:fields.due_on")}
            />
            <MoneyInput
              value={row.amount_minor === null ? null : money(row.amount_minor)}
              onChange={(next) =>
                set(row.key, { amount_minor: isMoney(next) ? next.amount_minor : null })
              }
              aria-label={t("instalments:fields.amount")}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t("contracts:plan.remove", { number: index + 1 })}
              onClick={() => setRows(rows.filter((other) => other.key !== row.key))}
            />
          </fieldset>
        ))}
        <div className={styles.foot}>
          <Button
            type="text"
            icon={<PlusOutlined />}
            onClick={() =>
              setRows([
                ...rows,
                {
                  key: newKey(),
                  condition: t("contracts:plan.part", { number: rows.length + 1 }),
                  due_on: rows.at(-1)?.due_on ?? today,
                  amount_minor: left > 0 ? left : null,
                },
              ])
            }
          >
            {t("contracts:plan.add")}
          </Button>
          <output className={styles.left} data-wrong={(rows.length > 0 && left !== 0) || undefined}>
            {rows.length === 0
              ? t("contracts:plan.whole_text", { what: t("contracts:plan.whole") })
              : left === 0
                ? t("contracts:plan.adds_up")
                : t(left > 0 ? "contracts:plan.missing" : "contracts:plan.too_much", {
                    amount: format.exactMoney(money(Math.abs(left))),
                  })}
          </output>
        </div>
      </div>
    </Modal>
  );
}
