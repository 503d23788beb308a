import { Select } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { OwnInputProps } from "@/shared/features";
import { useProcesses, useStages } from "./stages";

/** The process of a new opportunity; the first one unless the person chooses another. */
export function ProcessInput({ id, value, onChange }: OwnInputProps) {
  const { t } = useTranslation("app");
  const processes = useProcesses();
  const first = processes?.[0]?.id;
  useEffect(() => {
    if (!value && first) onChange?.(first);
  }, [value, first, onChange]);
  return (
    <Select
      id={id}
      value={(value as string | null) ?? undefined}
      onChange={onChange}
      placeholder={t("app:choose")}
      options={processes?.map((process) => ({ value: process.id, label: process.name }))}
    />
  );
}

/** The stage that a new opportunity begins in: one of its process, the first unless chosen otherwise. */
export function StageInput({ id, value, onChange, values }: OwnInputProps) {
  const { t } = useTranslation("app");
  const stages = useStages(values.process_id as string | null)?.filter(
    (stage) => stage.kind === "open",
  );
  const first = stages?.[0]?.id;
  const isKnown = stages?.some((stage) => stage.id === value) ?? true;
  useEffect(() => {
    if (first && !isKnown) onChange?.(first);
  }, [first, isKnown, onChange]);
  return (
    <Select
      id={id}
      value={isKnown ? ((value as string | null) ?? undefined) : undefined}
      onChange={onChange}
      placeholder={t("app:choose")}
      options={stages?.map((stage) => ({ value: stage.id, label: stage.name }))}
    />
  );
}
