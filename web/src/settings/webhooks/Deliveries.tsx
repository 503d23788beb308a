import { LeftOutlined } from "@ant-design/icons";
import { App, Button, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { remove } from "@/shared/resource/save";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useUndo } from "@/shared/ui/useUndo";
import settings from "../settings.module.css";
import { useAttempt } from "../useAttempt";
import { DeliveryLine } from "./DeliveryLine";
import { WebhookDialog } from "./WebhookDialog";
import { refreshDeliveries, useDeliveries, useEventName, type Webhook } from "./webhooks";
import styles from "./webhooks.module.css";

const states = ["waiting", "delivered", "failed"];

type Props = { webhook: Webhook; mayEdit: boolean; onSecret: (secret: string) => void };

/** One webhook: what is done with it, and the log of what was sent to it. */
export function Deliveries({ webhook, mayEdit, onSecret }: Props) {
  const { t } = useTranslation(["webhooks", "webhook_deliveries", "settings", "app"]);
  const { message } = App.useApp();
  const { attempt, isBusy } = useAttempt();
  const { event: nameOf } = useEventName();
  const navigate = useNavigate();
  const undo = useUndo();
  const [search, setSearch] = useSearchParams();
  const [isEditing, setIsEditing] = useState(false);
  const state = states.find((known) => known === search.get("state"));
  const log = useDeliveries(webhook.id, state);
  const pages = log.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.rows);
  const path = `/webhooks/${webhook.id}`;
  const test = () =>
    attempt(async () => {
      await api.post(`${path}/test`);
      await refreshDeliveries();
      message.success(t("webhooks:test_sent"));
    });
  const rotate = () =>
    attempt(async () => {
      const { data } = await api.post<Schemas["WebhookSecret"]>(`${path}/rotate_secret`);
      onSecret(data.secret);
    });
  const replay = (id: string) =>
    attempt(async () => {
      await api.post(`${path}/deliveries/${id}/replay`);
      await refreshDeliveries();
      message.success(t("webhooks:replayed"));
    });
  const end = () =>
    attempt(async () => {
      const batch = await remove("webhooks", webhook);
      navigate("/settings/webhooks");
      undo(t("webhooks:removed", { name: webhook.name }), batch);
    });
  return (
    <>
      <div className={styles.webhook}>
        <Link to="/settings/webhooks">
          <LeftOutlined /> {t("settings:pages.webhooks")}
        </Link>
        <h2>
          {webhook.name}
          <span className={webhook.is_active ? settings.badge : styles.off}>
            {t(webhook.is_active ? "webhooks:on" : "webhooks:off")}
          </span>
        </h2>
        <p className={styles.url}>{webhook.url}</p>
        <p className={settings.soft}>{webhook.events.map(nameOf).join(", ")}</p>
        {mayEdit ? (
          <div className={styles.acts}>
            <Button type="primary" disabled={!webhook.is_active} loading={isBusy} onClick={test}>
              {t("webhooks:test")}
            </Button>
            <Button onClick={() => setIsEditing(true)}>{t("app:edit")}</Button>
            <Button onClick={rotate}>{t("webhooks:secret.rotate")}</Button>
            <Button danger onClick={end}>
              {t("app:delete")}
            </Button>
          </div>
        ) : null}
      </div>
      <section className={styles.log}>
        <div className={settings.head}>
          <h3>{t("webhook_deliveries:title")}</h3>
          <Segmented
            value={state ?? ""}
            onChange={(next) =>
              setSearch(next ? { webhook: webhook.id, state: next } : { webhook: webhook.id })
            }
            options={["", ...states].map((value) => ({
              value,
              label: value
                ? t(`webhook_deliveries:choices.state.${value}`)
                : t("webhook_deliveries:views.everything"),
            }))}
          />
        </div>
        {log.isPending ? <Bar /> : null}
        {log.isError ? <ErrorNotice error={log.error} retry={() => log.refetch()} /> : null}
        {log.data && rows.length === 0 ? (
          <Empty
            title={t("webhook_deliveries:empty.title")}
            text={t("webhook_deliveries:empty.text")}
          />
        ) : null}
        {rows.length > 0 ? (
          <ul className={styles.lines}>
            {rows.map((delivery) => (
              <DeliveryLine
                key={delivery.id}
                delivery={delivery}
                replay={
                  mayEdit && webhook.is_active && delivery.state !== "waiting" ? replay : undefined
                }
              />
            ))}
          </ul>
        ) : null}
        {log.hasNextPage ? (
          <Button loading={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
            {t("app:timeline.earlier")}
          </Button>
        ) : null}
      </section>
      {isEditing ? (
        <WebhookDialog
          webhook={webhook}
          close={() => setIsEditing(false)}
          onMade={(_, secret) => onSecret(secret)}
        />
      ) : null}
    </>
  );
}
