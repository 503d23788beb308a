import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useMe, useResource } from "@/api/queries";
import type { Money, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { useNames } from "@/shared/resource/names";
import styles from "./stage_bar.module.css";
import { daysInStage, useStages } from "./stages";
import { useStageHistory } from "./useStageHistory";
import { useStageMove } from "./useStageMove";

/** The way of an opportunity through its process; a click on a step takes it there. */
export function StageBar({ row }: { row: Row }) {
  const { t } = useTranslation("opportunities");
  const me = useMe();
  const format = useFormat();
  const stages = useStages(String(row.process_id));
  const history = useStageHistory(row.id);
  const { move, dialog } = useStageMove();
  if (!stages) return <div className={styles.bar} aria-busy />;
  const mayMove = row.can.includes("edit") && !me.preview;
  const open = stages.filter((stage) => stage.kind === "open");
  const here = open.findIndex((stage) => stage.id === row.stage_id);
  const next = here >= 0 ? open[here + 1] : undefined;
  const isOpen = row.outcome === "open";
  const daysOf = (id: string) => {
    if (id === row.stage_id) return daysInStage(row);
    const stays = history.data?.rows.filter((stay) => stay.stage_id === id) ?? [];
    return stays.length > 0 ? Math.floor(stays.reduce((sum, stay) => sum + stay.days, 0)) : null;
  };
  return (
    <div className={styles.box}>
      <ol className={styles.bar} aria-label={t("opportunities:stage_bar.title")}>
        {open.map((stage, index) => {
          const days = daysOf(stage.id);
          const isHere = isOpen && index === here;
          const isPast = row.outcome === "won" || (isOpen && index < here);
          const isOver =
            days !== null && stage.standard_days !== null && days > stage.standard_days;
          return (
            <li
              key={stage.id}
              className={styles.step}
              data-state={isHere ? "here" : isPast ? "past" : "ahead"}
            >
              <button
                type="button"
                disabled={!mayMove || isHere}
                aria-current={isHere ? "step" : undefined}
                title={stage.guidance ?? undefined}
                onClick={() => move(row, stage)}
              >
                <span className={styles.stepName}>
                  {isPast ? <CheckOutlined /> : null}
                  {stage.name}
                </span>
                <small data-over={(isOver && isHere) || undefined}>
                  {days === null
                    ? stage.standard_days === null
                      ? " "
                      : t("opportunities:card.standard", { days: stage.standard_days })
                    : stage.standard_days === null
                      ? t("opportunities:card.days", { days: format.number(days) })
                      : t("opportunities:stage_bar.days", {
                          days: format.number(days),
                          standard: stage.standard_days,
                        })}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
      {isOpen && mayMove ? (
        <div className={styles.verbs}>
          {next ? (
            <Button type="primary" onClick={() => move(row, next)}>
              {t("opportunities:stage_bar.next", { stage: next.name })}
            </Button>
          ) : null}
          {stages
            .filter((stage) => stage.kind !== "open")
            .sort((a, b) => (a.kind === "won" ? -1 : b.kind === "won" ? 1 : 0))
            .map((stage) => (
              <Button
                key={stage.id}
                type={stage.kind === "won" && !next ? "primary" : "default"}
                danger={stage.kind === "lost"}
                onClick={() => move(row, stage)}
              >
                {t(`opportunities:stage_bar.${stage.kind}`)}
              </Button>
            ))}
        </div>
      ) : null}
      {isOpen ? null : <Outcome row={row} />}
      {dialog}
    </div>
  );
}

/** How it ended, in one sentence, with what was learned. Reopening is a click on the step to go back to. */
function Outcome({ row }: { row: Row }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const names = useNames();
  const reason = useResource("opportunities")?.fields.find((field) => field.name === "loss_reason");
  const amount = row.amount as Money | null;
  const parts = [
    row.closed_on ? format.day(String(row.closed_on)) : null,
    amount ? format.money(amount) : null,
    row.loss_reason && reason
      ? names.choice("opportunities", reason, String(row.loss_reason))
      : null,
    row.outcome === "lost" && row.competitor
      ? t("opportunities:stage_bar.to", { competitor: row.competitor })
      : null,
    row.loss_note ? String(row.loss_note) : null,
  ].filter(Boolean);
  return (
    <p className={styles.outcome} data-outcome={row.outcome}>
      <b>{t(`opportunities:choices.outcome.${row.outcome}`)}</b> {parts.join(" · ")}
      <span className={styles.hint}>{t("opportunities:stage_bar.reopen_hint")}</span>
    </p>
  );
}
