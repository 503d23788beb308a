import { useQuery } from "@tanstack/react-query";
import { Segmented, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import { TimeInput } from "@/shared/fields/TimeInput";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";
import { DevicePush } from "./DevicePush";

type Way = "choices" | "push" | "mail";
type Quiet = { from: string; until: string };
type Digest = { at: string; days: DigestDays };
type DigestDays = "working" | "every";
type Choices = Record<Way, Record<string, boolean>> & {
  quiet: Quiet | null;
  digest: Digest | null;
  mail_available: boolean;
};

const key = ["notifications", "choices"];
const usual: Quiet = { from: "21:00", until: "08:00" };
const usualDigest: Digest = { at: "08:30", days: "working" };
const digestDays: DigestDays[] = ["working", "every"];

/** Of what the person is told, on which ways, and when not. */
export function NotificationChoices() {
  const { t } = useTranslation(["settings", "notifications"]);
  const { attempt } = useAttempt();
  const isPhone = useIsPhone();
  const known = useQuery({
    queryKey: key,
    queryFn: () => api.get<Choices>("/notifications/choices"),
  });
  const change = (
    body: Partial<Record<Way, Record<string, boolean>>> & {
      quiet?: Quiet | null;
      digest?: Digest | null;
    },
  ) =>
    attempt(async () => {
      const { data } = await api.put<Choices>("/notifications/choices", body);
      queryClient.setQueryData(key, data);
    });
  const chosen = known.data;
  const ways: Way[] = chosen?.mail_available ? ["choices", "push", "mail"] : ["choices", "push"];
  const quiet = chosen?.quiet;
  const digest = chosen?.digest;
  return (
    <div className={styles.page}>
      <h2>{t("settings:pages.notifications")}</h2>
      <DevicePush />
      {known.isPending ? <Bar /> : null}
      {known.isError ? <ErrorNotice error={known.error} retry={() => known.refetch()} /> : null}
      {chosen ? (
        <>
          <p className={styles.soft}>{t("settings:notifications.text")}</p>
          <table className={styles.choices}>
            <thead>
              <tr>
                <th scope="col">{t("settings:notifications.kind")}</th>
                {ways.map((way) => (
                  <th key={way} scope="col">
                    {t(`settings:notifications.ways.${way}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Object.keys(chosen.choices).map((kind) => (
                <tr key={kind}>
                  <th scope="row">{t(`notifications:kinds.${kind}`)}</th>
                  {ways.map((way) => (
                    <td key={way}>
                      <Switch
                        size={isPhone ? "medium" : "small"}
                        checked={chosen[way][kind]}
                        // What one isn't told of at all goes nowhere.
                        disabled={way !== "choices" && !chosen.choices[kind]}
                        aria-label={`${t(`notifications:kinds.${kind}`)} · ${t(`settings:notifications.ways.${way}`)}`}
                        onChange={(isOn) => change({ [way]: { [kind]: isOn } })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <div className={styles.row}>
            <span id="quiet">
              {t("settings:notifications.quiet")}
              <small>{t("settings:notifications.quiet_text")}</small>
            </span>
            <Switch
              checked={Boolean(quiet)}
              aria-labelledby="quiet"
              onChange={(isOn) => change({ quiet: isOn ? usual : null })}
            />
            {quiet ? (
              <div className={styles.more}>
                <TimeInput
                  value={quiet.from}
                  aria-label={t("settings:notifications.quiet_from")}
                  onChange={(from) => change({ quiet: { ...quiet, from } })}
                />
                <TimeInput
                  value={quiet.until}
                  aria-label={t("settings:notifications.quiet_until")}
                  onChange={(until) => change({ quiet: { ...quiet, until } })}
                />
              </div>
            ) : null}
          </div>
          {chosen.mail_available ? (
            <div className={styles.row}>
              <span id="digest">
                {t("settings:notifications.digest")}
                <small>{t("settings:notifications.digest_text")}</small>
              </span>
              <Switch
                checked={Boolean(digest)}
                aria-labelledby="digest"
                onChange={(isOn) => change({ digest: isOn ? usualDigest : null })}
              />
              {digest ? (
                <div className={styles.more}>
                  <Segmented<DigestDays>
                    value={digest.days}
                    options={digestDays.map((days) => ({
                      value: days,
                      label: t(`settings:notifications.days.${days}`),
                    }))}
                    aria-label={t("settings:notifications.digest_days")}
                    onChange={(days) => change({ digest: { ...digest, days } })}
                  />
                  <TimeInput
                    value={digest.at}
                    aria-label={t("settings:notifications.digest_at")}
                    onChange={(at) => change({ digest: { ...digest, at } })}
                  />
                </div>
              ) : null}
            </div>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
