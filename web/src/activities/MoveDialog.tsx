import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import type { DialogProps } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import { ScopeInput } from "./form/ScopeInput";
import { SpanInput } from "./form/SpanInput";
import { instantsOf, spanOf } from "./form/times";
import { useSaid } from "./useSaid";
import { moveActivity, type Scope } from "./writes";

/** Puts a plan to another time; the first one stays known. */
export function MoveDialog({ given, close }: DialogProps) {
  const { t } = useTranslation(["activities", "app"]);
  const format = useFormat();
  const row = given.row as Row;
  const startAt = String(
    given.planned_start_at ?? row.planned_start_at ?? new Date().toISOString(),
  );
  const endAt = given.planned_end_at ?? row.planned_end_at;
  const [span, setSpan] = useState(() => spanOf(startAt, endAt, 60, format.timeZone));
  const [scope, setScope] = useState<Scope>("this");
  const { attempt, isBusy, error } = useSaid(close);
  const submit = () => {
    const { from, until } = instantsOf(span, format.timeZone);
    attempt(t("activities:move.said", { name: String(row.subject) }), () =>
      moveActivity(
        row,
        { planned_start_at: from, planned_end_at: until },
        row.series_id ? scope : undefined,
      ),
    );
  };
  return (
    <DialogFrame
      title={t("activities:move.title", { name: String(row.subject) })}
      close={close}
      onSubmit={submit}
      footer={
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("activities:move.save")}
        </Button>
      }
    >
      <Labelled label={t("activities:plan.when")} error={error}>
        <SpanInput value={span} onChange={setSpan} offsets={[0, 1, 3, 7]} />
      </Labelled>
      {row.series_id ? <ScopeInput value={scope} onChange={setScope} /> : null}
    </DialogFrame>
  );
}
