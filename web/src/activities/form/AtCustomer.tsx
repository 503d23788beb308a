import { useTranslation } from "react-i18next";
import type { FilterLeaf } from "@/api/types";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { Labelled } from "@/shared/ui/DialogFrame";

type Choice = { customer_id: string | null; opportunity_id: string | null; contact_ids: string[] };

type Props = {
  values: Choice;
  set: (change: Partial<Pick<Choice, "opportunity_id" | "contact_ids">>) => void;
  errors: Record<string, string>;
};

/** Whom at the customer, and which of their opportunities; nothing while there is no customer. */
export function AtCustomer({ values, set, errors }: Props) {
  const { t } = useTranslation("activities");
  if (!values.customer_id) return null;
  const atCustomer: FilterLeaf = { field: "customer_id", op: "in", value: [values.customer_id] };
  return (
    <>
      <Labelled label={t("activities:fields.contact_ids")} error={errors.contact_ids}>
        <ReferenceInput
          multiple
          resource="contacts"
          filter={atCustomer}
          aria-label={t("activities:fields.contact_ids")}
          value={values.contact_ids}
          onChange={(contact_ids) => set({ contact_ids })}
        />
      </Labelled>
      <Labelled label={t("activities:fields.opportunity_id")} error={errors.opportunity_id}>
        <ReferenceInput
          resource="opportunities"
          filter={atCustomer}
          aria-label={t("activities:fields.opportunity_id")}
          value={values.opportunity_id}
          onChange={(opportunity_id) => set({ opportunity_id })}
        />
      </Labelled>
    </>
  );
}
