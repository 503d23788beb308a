import { App, Button, Dropdown, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useMeta } from "@/api/queries";
import type { Row } from "@/api/types";
import { DayInput } from "@/shared/fields/DayInput";
import { change } from "@/shared/resource/save";
import { Labelled } from "@/shared/ui/DialogFrame";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { refreshMoney } from "./money";

type Step = "sign" | "complete" | "terminate" | "resume";

const states = {
  sign: "running",
  complete: "completed",
  terminate: "terminated",
  resume: "running",
} as const;

/** What comes next for a contract: signed, completed, terminated. */
export function StateActions({ row }: { row: Row }) {
  const { t } = useTranslation(["contracts", "app"]);
  const me = useMe();
  const [step, setStep] = useState<Step>();
  if (!row.can.includes("edit") || me.preview) return null;
  const isRunning = row.state === "running";
  return (
    <>
      {row.state === "draft" ? (
        <Button type="primary" onClick={() => setStep("sign")}>
          {t("contracts:steps.sign")}
        </Button>
      ) : isRunning ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: (["complete", "terminate"] as const).map((key) => ({
              key,
              danger: key === "terminate",
              label: t(`contracts:steps.${key}`),
              onClick: () => setStep(key),
            })),
          }}
        >
          <Button>{t("contracts:steps.end")}</Button>
        </Dropdown>
      ) : (
        <Button onClick={() => setStep("resume")}>{t("contracts:steps.resume")}</Button>
      )}
      {step ? (
        <StepDialog key={step} step={step} row={row} close={() => setStep(undefined)} />
      ) : null}
    </>
  );
}

function StepDialog({ step, row, close }: { step: Step; row: Row; close: () => void }) {
  const { t } = useTranslation(["contracts", "app"]);
  const { message } = App.useApp();
  const { today } = useMeta();
  const problems = useProblems();
  const undo = useUndo();
  const [day, setDay] = useState<string | null>(today);
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isBusy, setIsBusy] = useState(false);
  const dayField = step === "sign" ? "signed_on" : "closed_on";
  const asksDay = step !== "resume";
  const save = async () => {
    const changes: Record<string, unknown> = { state: states[step] };
    if (asksDay) changes[dayField] = day;
    if (step === "terminate") changes.termination_reason = reason;
    setIsBusy(true);
    try {
      const saved = await change("contracts", row, changes);
      refreshMoney();
      undo(t(`contracts:steps.${step}_done`), saved.batch);
      close();
    } catch (error) {
      const sorted = problems.sort(error, [dayField, "termination_reason"]);
      setErrors(sorted.fields);
      if (Object.keys(sorted.fields).length === 0) {
        message.error([problems.text(error), ...sorted.others].join(" "));
      }
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(`contracts:steps.${step}`)}
      okText={t(`contracts:steps.${step}`)}
      okButtonProps={{ loading: isBusy, danger: step === "terminate" }}
      onOk={save}
      onCancel={close}
    >
      <div style={{ display: "grid", gap: "var(--space-3)" }}>
        <p>{t(`contracts:steps.${step}_text`)}</p>
        {asksDay ? (
          <Labelled
            label={t(`contracts:fields.${dayField}`)}
            htmlFor="contract-step-day"
            error={errors[dayField]}
          >
            <DayInput id="contract-step-day" value={day} onChange={setDay} />
          </Labelled>
        ) : null}
        {step === "terminate" ? (
          <Labelled
            label={t("contracts:fields.termination_reason")}
            htmlFor="contract-step-reason"
            error={errors.termination_reason}
          >
            <Input
              id="contract-step-reason"
              maxLength={255}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Labelled>
        ) : null}
      </div>
    </Modal>
  );
}
