import { useQuery } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { CopyText } from "@/shared/ui/CopyText";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import styles from "./calendar.module.css";

type Feed = { exists: boolean; created_at: string | null; last_used_at: string | null };

/** The private address by which phones and desktop calendars show the person's calendar. */
export function Subscription() {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const problems = useProblems();
  const [url, setUrl] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const feed = useQuery({
    queryKey: ["calendar_feed"],
    queryFn: () => api.get<Feed>("/me/calendar-feed"),
  });
  const attempt = async (work: () => Promise<void>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      await work();
      await feed.refetch();
    } catch (caught) {
      setError(problems.text(caught));
    }
    setIsBusy(false);
  };
  const make = () =>
    attempt(async () => {
      setUrl((await api.post<{ url: string }>("/me/calendar-feed")).data.url);
    });
  const end = () =>
    attempt(async () => {
      await api.delete("/me/calendar-feed");
      setUrl(undefined);
    });
  const exists = feed.data?.exists ?? false;
  return (
    <div className={styles.feed}>
      <h2>{t("calendar:feed.title")}</h2>
      <p className={styles.soft}>{t("calendar:feed.text")}</p>
      {feed.isPending ? <Bar /> : null}
      {feed.isError ? <ErrorNotice error={feed.error} retry={() => feed.refetch()} /> : null}
      {error ? <p role="alert">{error}</p> : null}
      {url ? (
        <div className={styles.feedUrl}>
          <p>{t("calendar:feed.once")}</p>
          <CopyText text={url} label={t("calendar:feed.address")} />
          <ul className={styles.soft}>
            <li>{t("calendar:feed.ios")}</li>
            <li>{t("calendar:feed.google")}</li>
            <li>{t("calendar:feed.outlook")}</li>
          </ul>
        </div>
      ) : null}
      {feed.data && exists && !url ? (
        <p>
          {t("calendar:feed.since", { when: format.instant(feed.data.created_at ?? "") })}
          {" · "}
          {feed.data.last_used_at
            ? t("calendar:feed.used", { when: format.instant(feed.data.last_used_at) })
            : t("calendar:feed.unused")}
        </p>
      ) : null}
      {feed.data ? (
        <Space wrap>
          <Button type={exists ? "default" : "primary"} loading={isBusy} onClick={make}>
            {t(exists ? "calendar:feed.renew" : "calendar:feed.make")}
          </Button>
          {exists ? (
            <Button danger loading={isBusy} onClick={end}>
              {t("calendar:feed.end")}
            </Button>
          ) : null}
        </Space>
      ) : null}
      {exists ? <p className={styles.soft}>{t("calendar:feed.renew_text")}</p> : null}
    </div>
  );
}
