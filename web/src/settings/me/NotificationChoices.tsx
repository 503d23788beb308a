import { useQuery } from "@tanstack/react-query";
import { Switch } from "antd";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";

type Choices = Schemas["Choices"];

const key = ["notifications", "choices"];

/** Of what the person is told. */
export function NotificationChoices() {
  const { t } = useTranslation(["settings", "notifications"]);
  const { attempt } = useAttempt();
  const known = useQuery({
    queryKey: key,
    queryFn: () => api.get<Choices>("/notifications/choices"),
  });
  const choose = (kind: string, isOn: boolean) =>
    attempt(async () => {
      const { data } = await api.put<Choices>("/notifications/choices", {
        choices: { [kind]: isOn },
      });
      queryClient.setQueryData(key, data);
    });
  return (
    <div className={styles.page}>
      <h2>{t("settings:pages.notifications")}</h2>
      <p className={styles.intro}>{t("settings:notifications.text")}</p>
      {known.isPending ? <Bar /> : null}
      {known.isError ? <ErrorNotice error={known.error} retry={() => known.refetch()} /> : null}
      <ul className={styles.rows}>
        {Object.entries(known.data?.choices ?? {}).map(([kind, isOn]) => (
          <li key={kind} className={styles.row}>
            <span id={`kind-${kind}`}>{t(`notifications:kinds.${kind}`)}</span>
            <Switch
              checked={isOn}
              aria-labelledby={`kind-${kind}`}
              onChange={(next) => choose(kind, next)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
