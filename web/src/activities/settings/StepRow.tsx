import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { SortableRow } from "@/shared/ui/Sortable";
import { type StepChoice, stepTypes } from "../templates/template";
import { type DraftStep, newChoice } from "./draft";
import styles from "./settings.module.css";

type Props = {
  step: DraftStep;
  /** Fields that the server refused. */
  wrong: Record<string, boolean>;
  isDisabled: boolean;
  onChange: (step: DraftStep) => void;
  onRemove: () => void;
};

/** One step of a template with its guidance and, where it offers some, its choices. */
export function StepRow({ step, wrong, isDisabled, onChange, onRemove }: Props) {
  const { t } = useTranslation(["activities", "app"]);
  const set = (change: Partial<DraftStep>) => onChange({ ...step, ...change });
  const status = (name: string) => (wrong[name] ? "error" : undefined);
  return (
    <SortableRow
      id={step.key}
      className={styles.step}
      isDisabled={isDisabled}
      moveLabel={t("activities:settings.move_step", { name: step.name })}
      removeLabel={t("activities:settings.remove_step", { name: step.name })}
      onRemove={onRemove}
    >
      <div className={styles.fields}>
        <div className={styles.line}>
          <Input
            value={step.name}
            status={status("name")}
            disabled={isDisabled}
            maxLength={200}
            placeholder={t("activities:settings.step_name")}
            aria-label={t("activities:settings.step_name")}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Input
            value={step.name_en ?? ""}
            disabled={isDisabled}
            maxLength={200}
            placeholder={t("activities:settings.step_name_en")}
            aria-label={t("activities:settings.step_name_en")}
            onChange={(event) => set({ name_en: event.target.value })}
          />
          <Select
            value={step.type}
            disabled={isDisabled}
            aria-label={t("activities:settings.step_type")}
            onChange={(type) => set({ type })}
            options={stepTypes.map((type) => ({
              value: type,
              label: t(`visit_answers:choices.step_kind.${type}`),
            }))}
          />
          <Checkbox
            checked={step.is_required}
            disabled={isDisabled}
            onChange={(event) => set({ is_required: event.target.checked })}
          >
            {t("activities:steps.required")}
          </Checkbox>
        </div>
        <div className={styles.line2}>
          <Input
            value={step.guidance ?? ""}
            disabled={isDisabled}
            placeholder={t("activities:settings.guidance")}
            aria-label={t("activities:settings.guidance")}
            onChange={(event) => set({ guidance: event.target.value })}
          />
          <Input
            value={step.guidance_en ?? ""}
            disabled={isDisabled}
            placeholder={t("activities:settings.guidance_en")}
            aria-label={t("activities:settings.guidance_en")}
            onChange={(event) => set({ guidance_en: event.target.value })}
          />
        </div>
        {step.type === "choice" ? (
          <Choices
            value={step.choices ?? []}
            isWrong={wrong.choices ?? false}
            isDisabled={isDisabled}
            onChange={(choices) => set({ choices })}
          />
        ) : null}
      </div>
    </SortableRow>
  );
}

function Choices({
  value,
  isWrong,
  isDisabled,
  onChange,
}: {
  value: StepChoice[];
  isWrong: boolean;
  isDisabled: boolean;
  onChange: (choices: StepChoice[]) => void;
}) {
  const { t } = useTranslation("activities");
  return (
    <ul className={styles.choices}>
      {value.map((choice, index) => (
        <li key={choice.code}>
          <Input
            size="small"
            value={choice.name}
            status={isWrong && !choice.name.trim() ? "error" : undefined}
            disabled={isDisabled}
            aria-label={t("activities:settings.choice", { number: index + 1 })}
            placeholder={t("activities:settings.choice", { number: index + 1 })}
            onChange={(event) =>
              onChange(value.with(index, { ...choice, name: event.target.value }))
            }
          />
          <Input
            size="small"
            value={choice.name_en ?? ""}
            disabled={isDisabled}
            aria-label={t("activities:settings.choice_en", { number: index + 1 })}
            placeholder={t("activities:settings.step_name_en")}
            onChange={(event) =>
              onChange(value.with(index, { ...choice, name_en: event.target.value }))
            }
          />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            disabled={isDisabled}
            aria-label={t("activities:settings.remove_choice", { number: index + 1 })}
            onClick={() => onChange(value.filter((other) => other !== choice))}
          />
        </li>
      ))}
      <li>
        <Button
          size="small"
          type="dashed"
          danger={isWrong && value.length < 2}
          icon={<PlusOutlined />}
          disabled={isDisabled}
          onClick={() => onChange([...value, newChoice(value)])}
        >
          {t("activities:settings.add_choice")}
        </Button>
      </li>
    </ul>
  );
}
