import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecord } from "@/api/queries";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { type Delivery, useEventName } from "./webhooks";
import styles from "./webhooks.module.css";

type Props = { delivery: Delivery; replay: ((id: string) => void) | undefined };

/** One message in the log; its content is asked for when it is opened. */
export function DeliveryLine({ delivery, replay }: Props) {
  const { t, i18n } = useTranslation(["webhooks", "webhook_deliveries", "problems"]);
  const format = useFormat();
  const { event: nameOf } = useEventName();
  const [isOpen, setIsOpen] = useState(false);
  const state = delivery.state ?? "waiting";
  const error = delivery.error ?? undefined;
  const attempts = delivery.attempts ?? 0;
  const told = [
    delivery.status ? `HTTP ${delivery.status}` : null,
    error && i18n.exists(`problems:${error}`) ? t(`problems:${error}`) : error,
    attempts > 1 ? t("webhooks:attempts", { count: attempts }) : null,
    state === "waiting" && attempts > 0 && delivery.next_at
      ? t("webhooks:next", { when: format.instant(delivery.next_at) })
      : null,
  ].filter(Boolean);
  return (
    <li className={styles.line}>
      <div className={styles.told}>
        <span className={styles.state} data-state={state}>
          {t(`webhook_deliveries:choices.state.${state}`)}
        </span>
        <span className={styles.what}>
          {delivery.event === "webhooks.test"
            ? t("webhooks:test_event")
            : nameOf(delivery.event ?? "")}
          {told.length > 0 ? <small>{told.join(" · ")}</small> : null}
        </span>
        <time dateTime={delivery.created_at} title={format.exactInstant(delivery.created_at)}>
          {format.instant(delivery.created_at)}
        </time>
        <span className={styles.acts}>
          <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {t("webhooks:content")}
          </Button>
          {replay ? (
            <Button size="small" onClick={() => replay(delivery.id)}>
              {t("webhooks:replay")}
            </Button>
          ) : null}
        </span>
      </div>
      {isOpen ? <Content id={delivery.id} /> : null}
    </li>
  );
}

function Content({ id }: { id: string }) {
  const record = useRecord("webhook_deliveries", id);
  if (record.isError) return <ErrorNotice error={record.error} retry={() => record.refetch()} />;
  if (!record.data) return <Bar />;
  const body = String(record.data.body ?? "");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className={styles.body} tabIndex={0}>
      {JSON.stringify(JSON.parse(body), null, 2)}
    </pre>
  );
}
