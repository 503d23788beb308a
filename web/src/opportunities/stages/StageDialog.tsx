import { Alert, Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { FieldInput } from "@/shared/fields/FieldInput";
import { useFormat } from "@/shared/format/useFormat";
import { useNames } from "@/shared/resource/names";
import { isStale } from "@/shared/resource/save";
import { type FieldErrors, useProblems } from "@/shared/ui/problems";
import { type Advance, advance, type Close, close, type Reopen, reopen } from "./moves";
import type { Stage } from "./stages";

type Kind = "advance" | "won" | "lost" | "reopen";

/** The inputs of each move: the field that lends its name and choices, and whether it must be there. */
const inputs: Record<Kind, { name: string; field: string; isRequired?: boolean }[]> = {
  advance: [
    { name: "next_step", field: "next_step" },
    { name: "next_step_on", field: "next_step_on" },
  ],
  won: [
    { name: "closed_on", field: "closed_on", isRequired: true },
    { name: "note", field: "description" },
  ],
  lost: [
    { name: "loss_reason", field: "loss_reason", isRequired: true },
    { name: "competitor", field: "competitor" },
    { name: "note", field: "loss_note" },
    { name: "closed_on", field: "closed_on", isRequired: true },
  ],
  reopen: [{ name: "reason", field: "description", isRequired: true }],
};

type Props = {
  row: Row;
  target: Stage;
  /** Why the move was refused at first. */
  error?: ProblemError;
  onDone: (batch: string | null) => void;
  /** The move failed in a way that no input can mend. */
  onFailed: (error: unknown) => void;
  onCancel: () => void;
};

/** Asks for what a move to another stage needs, naming what is missing. */
export function StageDialog({ row, target, error, onDone, onFailed, onCancel }: Props) {
  const { t } = useTranslation(["opportunities", "app"]);
  const names = useNames();
  const problems = useProblems();
  const format = useFormat();
  const description = useResource("opportunities");
  const [form] = Form.useForm<Record<string, unknown>>();
  const [isBusy, setIsBusy] = useState(false);
  const kind: Kind =
    target.kind !== "open" ? target.kind : row.outcome === "open" ? "advance" : "reopen";
  const asked = inputs[kind];
  const known = asked.map((input) => input.name);
  const [refusal, setRefusal] = useState<FieldErrors | undefined>(
    error ? problems.sort(error, known) : undefined,
  );

  const labelOf = (name: string, fieldName: string) => {
    if (name === "note" || name === "reason") return t(`opportunities:move.${name}`);
    const field = description?.fields.find((entry) => entry.name === fieldName);
    return field ? names.field("opportunities", field) : name;
  };
  const send = (values: Record<string, unknown>) => {
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
    if (kind === "advance") return advance(row, { ...given, stage_id: target.id } as Advance);
    if (kind === "reopen") return reopen(row, { ...given, stage_id: target.id } as Reopen);
    return close(row, { ...given, outcome: kind } as Close);
  };
  const submit = async (values: Record<string, unknown>) => {
    setIsBusy(true);
    try {
      const { batch } = await send(values);
      onDone(batch);
    } catch (caught) {
      setIsBusy(false);
      if (isStale(caught) || !(caught instanceof ProblemError) || caught.status === 403) {
        return onFailed(caught);
      }
      const sorted = problems.sort(caught, known);
      const isSaid = Object.keys(sorted.fields).length > 0 || sorted.others.length > 0;
      setRefusal(isSaid ? sorted : { fields: {}, others: [problems.text(caught)] });
    }
  };
  const missing = Object.keys(error ? problems.sort(error, known).fields : {}).map((name) =>
    labelOf(name, asked.find((input) => input.name === name)?.field ?? name),
  );
  return (
    <Modal
      open
      destroyOnHidden
      title={t(`opportunities:move.${kind}`, { stage: target.name })}
      okText={t(`opportunities:move.${kind}_ok`)}
      cancelText={t("app:cancel")}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={onCancel}
    >
      <p style={{ marginBottom: "var(--space-4)", color: "var(--text-soft)" }}>
        {String(row.name)}
        {kind === "advance" && missing.length > 0
          ? ` · ${t("opportunities:move.missing", { fields: missing.join(t("app:list_joint")) })}`
          : null}
      </p>
      {refusal && refusal.others.length > 0 ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={refusal.others.join(" ")}
          style={{ marginBottom: "var(--space-4)" }}
        />
      ) : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={submit}
        onValuesChange={() => setRefusal(undefined)}
        initialValues={{
          next_step: row.next_step,
          next_step_on: row.next_step_on,
          competitor: row.competitor,
          closed_on: format.today,
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {asked.map((input, index) => {
          const field = description?.fields.find((entry) => entry.name === input.field);
          if (!field) return null;
          const label = labelOf(input.name, input.field);
          const wrong = refusal?.fields[input.name];
          return (
            <Form.Item
              key={input.name}
              name={input.name}
              label={label}
              validateStatus={wrong ? "error" : undefined}
              help={wrong}
              rules={
                input.isRequired
                  ? [{ required: true, message: t("app:form.required", { field: label }) }]
                  : undefined
              }
            >
              <FieldInput
                resource="opportunities"
                field={field}
                autoFocus={index === 0 && field.type === "text"}
              />
            </Form.Item>
          );
        })}
      </Form>
    </Modal>
  );
}
