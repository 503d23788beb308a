import { useTranslation } from "react-i18next";
import { useList } from "@/api/queries";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { Chips } from "@/shared/ui/Chips";
import { Labelled } from "@/shared/ui/DialogFrame";

type Props = {
  value: string | null;
  onChange: (id: string | null) => void;
  error?: string;
};

const mine = JSON.stringify({ field: "owner_id", op: "in", value: ["me"] });

/** Whom it was with: those that one last had to do with are one tap away. */
export function CustomerPick({ value, onChange, error }: Props) {
  const { t } = useTranslation("activities");
  const recent = useList("customers", { filter: mine, sort: "-updated_at", page_size: 5 }, !value);
  return (
    <Labelled label={t("activities:fields.customer_id")} error={error} htmlFor="activity-customer">
      <ReferenceInput
        id="activity-customer"
        resource="customers"
        value={value}
        onChange={onChange}
        placeholder={t("activities:form.find_customer")}
      />
      {!value && recent.data && recent.data.rows.length > 0 ? (
        <Chips
          label={t("activities:form.recent_customers")}
          value={null}
          onChange={onChange}
          options={recent.data.rows.map((row) => ({
            value: row.id,
            label: String(row.short_name || row.name),
          }))}
        />
      ) : null}
    </Labelled>
  );
}
