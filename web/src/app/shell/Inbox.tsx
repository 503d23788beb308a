import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { keys, queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Notification, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import styles from "./shell.module.css";

async function markRead(ids?: string[]) {
  await api.post("/notifications/read", ids ? { ids } : {});
  queryClient.invalidateQueries({ queryKey: keys.notifications });
  queryClient.invalidateQueries({ queryKey: keys.session });
}

/** What the person was told, below the bell that was tapped; its code comes with the first tap. */
export function Inbox({ children, onClose }: { children: ReactElement; onClose: () => void }) {
  // Opens once it stands there, so that the panel finds its place.
  const [isShown, setIsShown] = useState(false);
  useEffect(() => setIsShown(true), []);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isShown}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      content={<InboxPanel close={onClose} />}
    >
      {children}
    </Popover>
  );
}

function InboxPanel({ close }: { close: () => void }) {
  const { t } = useTranslation("app");
  const format = useFormat();
  const navigate = useNavigate();
  const inbox = useQuery({
    queryKey: keys.notifications,
    queryFn: () => api.get<Schemas["Inbox"]>("/notifications"),
  });
  const open = (entry: Notification) => {
    if (!entry.read) markRead([entry.id]);
    if (entry.resource && entry.record_id) {
      navigate(recordPath(entry.resource, entry.record_id));
      close();
    }
  };
  return (
    <section className={styles.inbox} aria-label={t("app:notifications.title")}>
      <header>
        <h2>{t("app:notifications.title")}</h2>
        {inbox.data && inbox.data.unread > 0 ? (
          <Button type="link" size="small" onClick={() => markRead()}>
            {t("app:notifications.read_all")}
          </Button>
        ) : null}
      </header>
      {inbox.isError ? <ErrorNotice error={inbox.error} retry={() => inbox.refetch()} /> : null}
      {inbox.data?.rows.length === 0 ? (
        <Empty title={t("app:notifications.none")} text={t("app:notifications.none_text")} />
      ) : null}
      <ul>
        {inbox.data?.rows.map((entry) => (
          <li key={entry.id} data-unread={!entry.read || undefined}>
            <button type="button" onClick={() => open(entry)}>
              <span>{entry.text}</span>
              <time dateTime={entry.at} title={format.exactInstant(entry.at)}>
                {format.instant(entry.at)}
              </time>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
