import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { TimeInput } from "@/shared/fields/TimeInput";
import { ToggleChip } from "@/shared/ui/Chips";
import { DayChips } from "@/shared/ui/DayChips";
import styles from "../activities.module.css";
import { useKind } from "../kinds";
import { KindChips } from "./KindChips";

/** The next plan, made in the same step; without a day there is none. */
export type Next = {
  day: string | null;
  start: string;
  kind_id: string | null;
  purpose: string;
  invite: boolean;
};

type Props = {
  value: Next;
  onChange: (next: Next) => void;
  offsets?: number[];
  /** Somebody at the customer is named, who can be invited. */
  canInvite?: boolean;
};

export function NextStep({ value, onChange, offsets = [1, 3, 7], canInvite }: Props) {
  const { t } = useTranslation("activities");
  const set = (change: Partial<Next>) => onChange({ ...value, ...change });
  const kind = useKind(value.kind_id);
  return (
    <section className={styles.next} aria-label={t("activities:next.title")}>
      <h3>{t("activities:next.title")}</h3>
      <DayChips
        label={t("activities:next.day")}
        value={value.day}
        offsets={offsets}
        canClear
        onChange={(day) => set({ day })}
      />
      {value.day ? (
        <>
          <KindChips
            value={value.kind_id}
            onChange={(kind_id) => set({ kind_id })}
            families={["visit", "call", "appointment"]}
            except={["task"]}
          />
          <div className={styles.times}>
            <TimeInput
              value={value.start}
              onChange={(start) => set({ start })}
              aria-label={t("activities:form.start")}
            />
            <Input
              value={value.purpose}
              maxLength={500}
              aria-label={t("activities:fields.purpose")}
              placeholder={t("activities:next.purpose", { kind: kind?.name ?? "" })}
              onChange={(event) => set({ purpose: event.target.value })}
            />
          </div>
          {canInvite ? (
            <div>
              <ToggleChip checked={value.invite} onChange={(invite) => set({ invite })}>
                {t("activities:next.invite")}
              </ToggleChip>
            </div>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
