import { Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Field } from "@/api/types";
import { useNames } from "@/shared/resource/names";
import { CodeInput } from "./CodeInput";
import { DayInput, InstantInput } from "./DayInput";
import { MoneyInput, type Typed } from "./MoneyInput";
import { ReferenceInput } from "./ReferenceInput";

export type FieldInputProps = {
  resource: string;
  field: Field;
  value?: unknown;
  onChange?: (value: unknown) => void;
  id?: string;
  autoFocus?: boolean;
  disabled?: boolean;
};

const inputModes = { email: "email", phone: "tel", url: "url" } as const;

/** The input of a field by its type; values go in and out as the API speaks them. */
export function FieldInput({ resource, field, value, onChange, ...rest }: FieldInputProps) {
  const names = useNames();
  const { t } = useTranslation("app");
  const set = (next: unknown) => onChange?.(next === "" || next === undefined ? null : next);
  switch (field.type) {
    case "long_text":
      return (
        <Input.TextArea
          {...rest}
          value={(value as string | null) ?? ""}
          onChange={(event) => set(event.target.value)}
          autoSize={{ minRows: 3, maxRows: 12 }}
          maxLength={field.max_length ?? undefined}
        />
      );
    case "integer":
    case "number":
      return (
        <InputNumber
          {...rest}
          style={{ width: "100%" }}
          value={value as number | null}
          precision={field.type === "integer" ? 0 : undefined}
          onChange={set}
        />
      );
    case "money":
      return <MoneyInput {...rest} value={value as Typed} onChange={set} />;
    case "day":
      return <DayInput {...rest} value={value as string | null} onChange={set} />;
    case "instant":
      return <InstantInput {...rest} value={value as string | null} onChange={set} />;
    case "bool":
      return <Switch {...rest} checked={value === true} onChange={set} />;
    case "choice":
    case "multi_choice":
      return (
        <Select
          {...rest}
          style={{ width: "100%" }}
          mode={field.type === "multi_choice" ? "multiple" : undefined}
          defaultOpen={rest.autoFocus}
          allowClear={!field.required}
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("app:choose")}
          value={(value ?? undefined) as never}
          onChange={set}
          options={(field.choices ?? []).map((choice) => ({
            value: choice.code,
            label: names.choice(resource, field, choice.code),
          }))}
        />
      );
    case "reference":
      return (
        <ReferenceInput
          {...rest}
          resource={field.reference ?? ""}
          value={value as string | null}
          onChange={set}
        />
      );
    case "region":
    case "industry":
      return (
        <CodeInput {...rest} type={field.type} value={value as string | null} onChange={set} />
      );
    case "references":
      return (
        <ReferenceInput
          {...rest}
          multiple
          resource={field.reference ?? ""}
          value={(value as string[] | null) ?? []}
          onChange={set}
        />
      );
    case "tags":
      return (
        <Select
          {...rest}
          style={{ width: "100%" }}
          mode="tags"
          tokenSeparators={[",", "，", ";", "；"]}
          placeholder={t("app:tags_prompt")}
          value={(value as string[] | null) ?? []}
          onChange={set}
          options={[]}
          open={false}
          suffixIcon={null}
        />
      );
    default:
      return (
        <Input
          {...rest}
          type={field.type === "email" ? "email" : undefined}
          inputMode={inputModes[field.type as keyof typeof inputModes]}
          value={(value as string | null) ?? ""}
          onChange={(event) => set(event.target.value)}
          maxLength={field.max_length ?? undefined}
        />
      );
  }
}
