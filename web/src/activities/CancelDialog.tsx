import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import type { DialogProps } from "@/shared/features";
import { Chips } from "@/shared/ui/Chips";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import { ScopeInput } from "./form/ScopeInput";
import { useSaid } from "./useSaid";
import { cancelActivity, type Scope } from "./writes";

const usual = ["customer", "postponed", "travel", "replaced"] as const;

/** Gives a plan up, with the reason; of one that repeats, says how far that reaches. */
export function CancelDialog({ given, close }: DialogProps) {
  const { t } = useTranslation(["activities", "app"]);
  const row = given.row as Row;
  const [reason, setReason] = useState("");
  const [scope, setScope] = useState<Scope>("this");
  const { attempt, isBusy, error } = useSaid(close);
  const isKnown = usual.find((name) => t(`activities:cancel.${name}`) === reason);
  const submit = () =>
    attempt(t("activities:cancel.said", { name: String(row.subject) }), () =>
      cancelActivity(row, reason.trim(), row.series_id ? scope : undefined),
    );
  return (
    <DialogFrame
      title={t("activities:cancel.title", { name: String(row.subject) })}
      close={close}
      onSubmit={() => reason.trim() && submit()}
      footer={
        <Button type="primary" htmlType="submit" disabled={!reason.trim()} loading={isBusy}>
          {t("activities:cancel.save")}
        </Button>
      }
    >
      <Labelled label={t("activities:fields.cancel_reason")} error={error}>
        <Chips
          label={t("activities:fields.cancel_reason")}
          value={isKnown ?? null}
          onChange={(name) => setReason(name ? t(`activities:cancel.${name}`) : "")}
          options={usual.map((name) => ({ value: name, label: t(`activities:cancel.${name}`) }))}
        />
        <Input
          value={reason}
          maxLength={200}
          aria-label={t("activities:fields.cancel_reason")}
          placeholder={t("activities:cancel.reason")}
          onChange={(event) => setReason(event.target.value)}
        />
      </Labelled>
      {row.series_id ? <ScopeInput value={scope} onChange={setScope} /> : null}
    </DialogFrame>
  );
}
