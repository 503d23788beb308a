import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { components } from "@/api/schema";
import type { Row } from "@/api/types";
import { Labelled } from "@/shared/ui/DialogFrame";
import { RepeatInput } from "./RepeatInput";
import { type Repeat, repeatOf, rruleOf } from "./repeat";

type Series = components["schemas"]["SeriesOfActivity"];

type Props = {
  row?: Row;
  /** Undefined until somebody says something else than the series does. */
  value: Repeat | null | undefined;
  onChange: (repeat: Repeat | null) => void;
  /** The day of the first time. */
  day: string;
  error?: string;
};

/** How an activity repeats; of one that already does, how it goes on. */
export function RepeatField({ row, value, onChange, day, error }: Props) {
  const { t } = useTranslation("activities");
  const series = useQuery({
    queryKey: keys.part("activities", row?.id ?? "", "series"),
    queryFn: () => api.get<Series>(`/activities/${row?.id}/series`),
    enabled: Boolean(row?.series_id),
  });
  const known = series.data ? repeatOf(series.data.rrule) : null;
  // Without the rule at hand nobody can change it; one that says more than can be chosen here stays as it is.
  if (row?.series_id && (!series.data || known === undefined)) return null;
  return (
    <Labelled
      label={t("activities:repeat.title")}
      error={error}
      hint={row?.series_id ? t("activities:repeat.from_here") : undefined}
    >
      <RepeatInput
        value={(value === undefined ? known : value) ?? null}
        day={day}
        onChange={onChange}
      />
    </Labelled>
  );
}

/** What a request says of repeating: nothing, another rule, or that this one is the last. */
export function repeatMember(value: Repeat | null | undefined, day: string, row?: Row) {
  if (value) return { repeat: { rrule: rruleOf(value, day) } };
  return value === null && row?.series_id ? { repeat: null } : {};
}
