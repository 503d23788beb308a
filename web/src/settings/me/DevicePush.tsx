import { useQuery } from "@tanstack/react-query";
import { App, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import { useFormat } from "@/shared/format/useFormat";
import { useProblems } from "@/shared/ui/problems";
import styles from "../settings.module.css";
import { canPush, endPush, PushDenied, startPush } from "./push";

type Device = { id: string; device: string; created_at: string; is_this_session: boolean };

/** Whether notifications reach this device while Chengdan is closed, and which others they reach. */
export function DevicePush() {
  const { t } = useTranslation("settings");
  const format = useFormat();
  const { message } = App.useApp();
  const problems = useProblems();
  const [isBusy, setIsBusy] = useState(false);
  const devices = useQuery({
    queryKey: ["push_devices"],
    queryFn: async () => (await api.get<{ rows: Device[] }>("/push/subscriptions")).rows,
  });
  const isPossible = canPush();
  const isOn =
    (devices.data?.some((device) => device.is_this_session) ?? false) &&
    isPossible &&
    Notification.permission === "granted";
  const toggle = async (on: boolean) => {
    setIsBusy(true);
    try {
      await (on ? startPush() : endPush());
      await devices.refetch();
    } catch (error) {
      if (error instanceof PushDenied) message.warning(t("settings:push.denied"), 8);
      else if (error instanceof DOMException) message.error(t("settings:push.unavailable"));
      else message.error(problems.text(error));
    }
    setIsBusy(false);
  };
  const others = devices.data?.filter((device) => !device.is_this_session) ?? [];
  return (
    <ul className={styles.rows}>
      <li className={styles.row}>
        <span id="push-here">
          {t("settings:push.here")}
          <small>{t(isPossible ? "settings:push.text" : "settings:push.impossible")}</small>
        </span>
        <Switch
          checked={isOn}
          loading={isBusy || devices.isPending}
          disabled={!isPossible}
          aria-labelledby="push-here"
          onChange={toggle}
        />
      </li>
      {others.map((device) => (
        <li key={device.id} className={styles.row}>
          <span>
            {device.device}
            <small>{t("settings:push.since", { when: format.instant(device.created_at) })}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}
