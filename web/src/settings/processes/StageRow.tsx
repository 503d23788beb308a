import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import { useNames } from "@/shared/resource/names";
import { SortableRow } from "@/shared/ui/Sortable";
import type { DraftStage } from "./processes";
import styles from "./processes.module.css";

type Props = {
  stage: DraftStage;
  /** Fields that the server refused. */
  wrong: Record<string, boolean>;
  isDisabled: boolean;
  onChange: (stage: DraftStage) => void;
  onRemove: () => void;
};

/** One stage in a line, with its guidance below. */
export function StageRow({ stage, wrong, isDisabled, onChange, onRemove }: Props) {
  const { t } = useTranslation(["settings", "stages"]);
  const names = useNames();
  const fields = useResource("stages")?.fields ?? [];
  const set = (change: Partial<DraftStage>) => onChange({ ...stage, ...change });
  const status = (name: string) => (wrong[name] ? "error" : undefined);
  const choices = (name: string) => {
    const field = fields.find((entry) => entry.name === name);
    return (field?.choices ?? []).map((choice) => ({
      value: choice.code,
      label: field ? names.choice("stages", field, choice.code) : choice.code,
    }));
  };
  return (
    <SortableRow
      id={stage.key}
      className={styles.stage}
      isDisabled={isDisabled}
      moveLabel={t("settings:processes.move", { name: stage.name })}
      removeLabel={t("settings:processes.remove", { name: stage.name })}
      onRemove={onRemove}
      more={
        stage.kind === "open" ? (
          <div className={styles.more}>
            <Select
              value={stage.buyer_step ?? undefined}
              allowClear
              disabled={isDisabled}
              placeholder={t("stages:fields.buyer_step")}
              aria-label={t("stages:fields.buyer_step")}
              options={choices("buyer_step")}
              onChange={(buyer_step) => set({ buyer_step: buyer_step ?? null })}
            />
            <Input.TextArea
              value={stage.guidance ?? ""}
              disabled={isDisabled}
              autoSize={{ minRows: 1, maxRows: 6 }}
              placeholder={t("settings:processes.guidance")}
              aria-label={t("stages:fields.guidance")}
              onChange={(event) => set({ guidance: event.target.value || null })}
            />
          </div>
        ) : null
      }
    >
      <Input
        value={stage.name}
        disabled={isDisabled}
        status={status("name")}
        aria-label={t("stages:fields.name")}
        onChange={(event) => set({ name: event.target.value })}
      />
      <Input
        value={stage.name_en ?? ""}
        disabled={isDisabled}
        aria-label={t("stages:fields.name_en")}
        onChange={(event) => set({ name_en: event.target.value || null })}
      />
      <Select
        value={stage.kind}
        disabled={isDisabled}
        aria-label={t("stages:fields.kind")}
        options={choices("kind")}
        onChange={(kind) => set({ kind })}
      />
      <InputNumber
        value={stage.kind === "open" ? stage.win_chance : stage.kind === "won" ? 100 : 0}
        disabled={isDisabled || stage.kind !== "open"}
        status={status("win_chance")}
        min={0}
        max={100}
        suffix="%"
        aria-label={t("stages:fields.win_chance")}
        onChange={(win_chance) => set({ win_chance })}
      />
      <InputNumber
        value={stage.standard_days}
        disabled={isDisabled || stage.kind !== "open"}
        status={status("standard_days")}
        min={0}
        precision={0}
        aria-label={t("stages:fields.standard_days")}
        onChange={(standard_days) => set({ standard_days })}
      />
      <Select
        value={stage.funnel_level ?? undefined}
        allowClear
        disabled={isDisabled}
        placeholder="—"
        aria-label={t("stages:fields.funnel_level")}
        options={choices("funnel_level")}
        onChange={(funnel_level) => set({ funnel_level: funnel_level ?? null })}
      />
    </SortableRow>
  );
}
