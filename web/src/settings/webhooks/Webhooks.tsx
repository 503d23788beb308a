import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useMe } from "@/api/queries";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import styles from "../settings.module.css";
import { Deliveries } from "./Deliveries";
import { Secret } from "./Secret";
import { WebhookDialog } from "./WebhookDialog";
import { useEventName, useWebhooks } from "./webhooks";

/** Events named in a line; the others are counted. */
const NAMED = 3;

/** Other systems that are told what happens; the address's `webhook` opens the log of one. */
export function Webhooks() {
  const { t } = useTranslation(["webhooks", "settings", "app"]);
  const me = useMe();
  const { event: nameOf } = useEventName();
  const webhooks = useWebhooks();
  const [search, setSearch] = useSearchParams();
  const [isMaking, setIsMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const mayEdit = !me.preview;
  const rows = webhooks.data ?? [];
  const chosen = rows.find((row) => row.id === search.get("webhook"));
  const add = (
    <Button icon={<PlusOutlined />} onClick={() => setIsMaking(true)}>
      {t("webhooks:add")}
    </Button>
  );
  return (
    <div className={styles.page} data-wide={chosen ? true : undefined}>
      {chosen ? (
        <Deliveries webhook={chosen} mayEdit={mayEdit} onSecret={setSecret} />
      ) : (
        <>
          <div className={styles.head}>
            <h2>{t("settings:pages.webhooks")}</h2>
            {mayEdit && rows.length > 0 ? add : null}
          </div>
          <p className={styles.intro}>
            {t("webhooks:text")}{" "}
            <a href="/api/docs#tag/webhooks" target="_blank" rel="noreferrer">
              {t("settings:tokens.docs")}
            </a>
          </p>
          {webhooks.isPending ? <Bar /> : null}
          {webhooks.isError ? (
            <ErrorNotice error={webhooks.error} retry={() => webhooks.refetch()} />
          ) : null}
          {webhooks.data && rows.length === 0 ? (
            <Empty title={t("webhooks:empty.title")} text={t("webhooks:empty.text")}>
              {mayEdit ? add : null}
            </Empty>
          ) : null}
          {rows.length > 0 ? (
            <ul className={styles.rows}>
              {rows.map((webhook) => (
                <li key={webhook.id} className={styles.row}>
                  <span>
                    <Link to={`?webhook=${webhook.id}`}>{webhook.name}</Link>
                    <small>{new URL(webhook.url).host}</small>
                    <small>
                      {webhook.events.slice(0, NAMED).map(nameOf).join(", ")}
                      {webhook.events.length > NAMED
                        ? ` ${t("webhooks:more", { count: webhook.events.length - NAMED })}`
                        : null}
                    </small>
                  </span>
                  <span className={webhook.is_active ? styles.badge : styles.soft}>
                    {t(webhook.is_active ? "webhooks:on" : "webhooks:off")}
                  </span>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
      {isMaking ? (
        <WebhookDialog
          webhook={undefined}
          close={() => setIsMaking(false)}
          onMade={(webhook, made) => {
            setSecret(made);
            setSearch({ webhook: webhook.id });
          }}
        />
      ) : null}
      <Secret secret={secret} close={() => setSecret(undefined)} />
    </div>
  );
}
