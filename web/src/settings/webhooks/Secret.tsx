import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { CopyText } from "@/shared/ui/CopyText";

/** A new secret, shown this once. */
export function Secret({ secret, close }: { secret: string | undefined; close: () => void }) {
  const { t } = useTranslation("webhooks");
  return (
    <Modal
      open={secret !== undefined}
      title={t("webhooks:secret.title")}
      footer={null}
      onCancel={close}
    >
      <p style={{ marginBottom: "var(--space-3)" }}>{t("webhooks:secret.text")}</p>
      <CopyText text={secret ?? ""} label={t("webhooks:secret.title")} />
    </Modal>
  );
}
