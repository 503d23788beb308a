import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import type { Money, Row } from "@/api/types";
import { RecordPage } from "@/shared/resource/RecordPage";
import { MatchList } from "./matching/MatchList";

/** One payment, and what it settles. */
export function PaymentPage() {
  return (
    <RecordPage
      resource="payments"
      actions={(row) => <Match row={row} />}
      aside={(row) => <MatchList key={row.id} of="payment_id" row={row} />}
    />
  );
}

function Match({ row }: { row: Row }) {
  const { t } = useTranslation("contracts");
  const me = useMe();
  const navigate = useNavigate();
  const open = (row.open_amount as Money | null)?.amount_minor ?? 0;
  if (open <= 0 || !row.can.includes("edit") || me.preview) return null;
  return (
    <Button type="primary" onClick={() => navigate(`/payments/matching?payment=${row.id}`)}>
      {t("contracts:matching.match")}
    </Button>
  );
}
