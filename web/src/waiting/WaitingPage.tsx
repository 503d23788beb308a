import { CheckOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "@/shared/format/useFormat";
import { queue, useOffline, type Write } from "@/shared/offline/offline";
import { Empty } from "@/shared/ui/Empty";
import { problemText } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { useDiscard } from "./useDiscard";
import styles from "./waiting.module.css";

/** Everything that is still on its way, in the order in which it will be sent. */
export function WaitingPage() {
  const { t } = useTranslation("waiting");
  useTitle(t("waiting:title"));
  const { isOnline, writes, needsSignIn } = useOffline();
  const [isBusy, setIsBusy] = useState(false);
  const send = async () => {
    setIsBusy(true);
    await queue.run();
    setIsBusy(false);
  };
  const isWaiting = writes.some((write) => write.state === "waiting");
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t("waiting:title")}</h1>
        {isWaiting ? (
          <Button onClick={send} loading={isBusy}>
            {t("waiting:send_now")}
          </Button>
        ) : null}
      </header>
      {isOnline ? null : <Alert type="warning" showIcon title={t("waiting:offline_text")} />}
      {needsSignIn ? <Alert type="warning" showIcon title={t("waiting:sign_in_first")} /> : null}
      {writes.length === 0 ? (
        <Empty title={t("waiting:none")} text={t("waiting:none_text")} icon={<CheckOutlined />} />
      ) : (
        <>
          <p className={styles.intro}>{t("waiting:text")}</p>
          <ol className={styles.rows}>
            {writes.map((write) => (
              <WaitingRow key={write.id} write={write} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function WaitingRow({ write }: { write: Write }) {
  const { t, i18n } = useTranslation(["waiting", "app"]);
  const format = useFormat();
  const discard = useDiscard();
  const made = new Date(write.made_at).toISOString();
  const needsPerson = write.state === "conflict" || write.state === "refused";
  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <strong>{t(write.what.key, write.what.params ?? {})}</strong>
        <small>
          <time dateTime={made} title={format.exactInstant(made)}>
            {format.instant(made)}
          </time>
          {write.files > 0 ? ` · ${t("waiting:files", { count: write.files })}` : null}
        </small>
        {write.problem ? (
          <p className={styles.problem}>
            {problemText(write.problem, t, (key) => i18n.exists(key))}
          </p>
        ) : null}
      </div>
      <span className={styles.state} data-state={write.state}>
        {t(`waiting:states.${write.state}`)}
      </span>
      {needsPerson ? (
        <Link to={`/waiting/${write.id}`} className={styles.open}>
          {t(`waiting:open.${write.state}`)}
        </Link>
      ) : (
        <Button type="text" size="small" onClick={() => discard(write)}>
          {t("waiting:discard")}
        </Button>
      )}
    </li>
  );
}
