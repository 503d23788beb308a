import { BellOutlined } from "@ant-design/icons";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { themed } from "@/shared/ui/themed";
import styles from "./shell.module.css";

const Inbox = themed(async () => (await import("./Inbox")).Inbox);

/** The bell, with how much is unread. */
export function Notifications() {
  const { t } = useTranslation("app");
  const { unread_notifications: unread } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const bell = (
    <button
      type="button"
      className={styles.bell}
      aria-label={t("app:notifications.open", { count: unread })}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={() => setIsOpen(true)}
    >
      <BellOutlined />
      {unread > 0 ? <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span> : null}
    </button>
  );
  if (!isOpen) return bell;
  return (
    <Suspense fallback={bell}>
      <Inbox onClose={() => setIsOpen(false)}>{bell}</Inbox>
    </Suspense>
  );
}
