import {
  CloudSyncOutlined,
  DisconnectOutlined,
  ExclamationCircleOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOffline } from "@/shared/offline/offline";
import { useIsPhone } from "@/shared/ui/useMedia";
import styles from "./shell.module.css";

/** Says when the server is out of reach, and how much still waits for it. Nothing to say means nothing to see. */
export function SyncState() {
  const { t } = useTranslation("waiting");
  const isPhone = useIsPhone();
  const { isOnline, writes } = useOffline();
  const stuck = writes.filter((write) => write.state === "conflict" || write.state === "refused");
  const waiting = writes.length - stuck.length;
  if (isOnline && writes.length === 0) return null;
  const tone = stuck.length > 0 ? "stuck" : isOnline ? "sending" : "offline";
  const icons = {
    stuck: <ExclamationCircleOutlined />,
    sending: <CloudSyncOutlined />,
    offline: <DisconnectOutlined />,
  };
  const texts = [
    stuck.length > 0 ? t("waiting:stuck", { count: stuck.length }) : "",
    waiting > 0 ? t("waiting:count", { count: waiting }) : "",
    isOnline ? "" : t("waiting:offline"),
  ].filter(Boolean);
  return (
    <span role="status">
      <Link to="/waiting" className={styles.sync} data-tone={tone}>
        {icons[tone]}
        <span>{isPhone ? texts[0] : texts.join(" · ")}</span>
      </Link>
    </span>
  );
}
