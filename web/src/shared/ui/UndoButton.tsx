import { Button } from "antd";
import { useTranslation } from "react-i18next";

export default function UndoButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation("app");
  return (
    <Button type="link" size="small" onClick={onClick}>
      {t("app:undo.action")}
    </Button>
  );
}
