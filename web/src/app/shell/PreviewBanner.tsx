import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { api } from "@/api/request";
import { PlainButton } from "@/shared/ui/PlainButton";
import styles from "./shell.module.css";

/** Above everything while an administrator looks through another person's eyes. */
export function PreviewBanner() {
  const { t } = useTranslation("app");
  const me = useMe();
  if (!me.preview) return null;
  const leave = async () => {
    await api.delete("/session/preview");
    window.location.assign("/");
  };
  return (
    <div className={styles.preview} role="status">
      <span>{t("app:preview.text", { name: me.person.name })}</span>
      <PlainButton onClick={leave}>{t("app:preview.leave")}</PlainButton>
    </div>
  );
}
