import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Page } from "@/api/types";
import { ReferenceLabel } from "./ReferenceLabel";

/** The text as it stands once the person pauses typing. */
export function useSettled<T>(value: T, pause_ms = 200): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause_ms);
    return () => clearTimeout(timer);
  }, [value, pause_ms]);
  return settled;
}

type Common = {
  resource: string;
  id?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  placeholder?: string;
  "aria-label"?: string;
  isWrong?: boolean;
  onBlur?: () => void;
  /** Offers only records that it lets through. */
  filter?: Filter;
};
type Props = Common &
  (
    | { multiple?: false; value?: string | null; onChange?: (value: string | null) => void }
    | { multiple: true; value?: string[]; onChange?: (value: string[]) => void; words?: boolean }
  );

/** Chooses one or several records of a resource, searched on the server while typing. */
export function ReferenceInput(props: Props) {
  const { t } = useTranslation("app");
  const description = useResource(props.resource);
  const [open, setOpen] = useState(props.autoFocus ?? false);
  const [text, setText] = useState("");
  const query = useSettled(text.trim());
  const filter = props.filter ? JSON.stringify(props.filter) : undefined;
  const found = useQuery({
    queryKey: keys.list(props.resource, { picker: query, filter }),
    queryFn: ({ signal }) =>
      api.get<Page>(`/${props.resource}`, { q: query || undefined, filter, page_size: 20 }, signal),
    placeholderData: keepPreviousData,
    enabled: open,
  });
  const labelField = description?.label_field ?? "name";
  const detailField = props.resource === "people" ? "title" : undefined;
  const options = (found.data?.rows ?? []).map((row) => ({
    value: row.id,
    label: String(row[labelField] ?? ""),
    detail: detailField && row[detailField] ? String(row[detailField]) : "",
  }));
  if (props.multiple && props.words && props.resource === "people" && !query) {
    options.unshift({ value: "me", label: t("app:filter.me"), detail: "" });
    options.splice(1, 0, { value: "my_team", label: t("app:filter.my_team"), detail: "" });
  }
  const value = props.value ?? undefined;
  return (
    <Select
      id={props.id}
      autoFocus={props.autoFocus}
      defaultOpen={props.autoFocus}
      disabled={props.disabled}
      aria-label={props["aria-label"]}
      aria-invalid={props.isWrong || undefined}
      status={props.isWrong ? "error" : undefined}
      placeholder={props.placeholder ?? t("app:choose")}
      style={{ width: "100%" }}
      mode={props.multiple ? "multiple" : undefined}
      value={value as never}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      onOpenChange={setOpen}
      onBlur={props.onBlur}
      onChange={(next: string | string[] | undefined) => {
        if (props.multiple) props.onChange?.((next as string[]) ?? []);
        else props.onChange?.((next as string) ?? null);
      }}
      labelRender={({ value: id, label }) =>
        label ?? <ReferenceLabel resource={props.resource} id={String(id)} />
      }
      optionRender={(option) => (
        <span style={{ display: "flex", justifyContent: "space-between", gap: 8 }}>
          {option.label}
          <small style={{ color: "var(--text-faint)" }}>{option.data.detail}</small>
        </span>
      )}
      notFoundContent={found.isFetching ? t("app:loading") : t("app:nothing_found")}
      options={options}
    />
  );
}
