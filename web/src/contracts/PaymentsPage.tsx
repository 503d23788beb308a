import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import { ResourceList } from "@/shared/resource/ResourceList";

/** All payments, with the way to match those that are not. */
export function PaymentsPage() {
  const { t } = useTranslation("contracts");
  const me = useMe();
  const navigate = useNavigate();
  const mayMatch = me.can.payments?.includes("edit") && !me.preview;
  return (
    <ResourceList
      resource="payments"
      tools={
        mayMatch ? (
          <Button onClick={() => navigate("/payments/matching")}>
            {t("contracts:matching.title")}
          </Button>
        ) : null
      }
    />
  );
}
