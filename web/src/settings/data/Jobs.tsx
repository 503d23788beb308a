import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";

type Job = Schemas["JobRow"];

/** What the server does in the background: what runs, what failed and why. */
export function Jobs() {
  const { t, i18n } = useTranslation("settings");
  const format = useFormat();
  const { attempt } = useAttempt();
  const jobs = useQuery({
    queryKey: ["jobs"],
    queryFn: () => api.get<Schemas["JobList"]>("/jobs"),
    refetchInterval: 3000,
  });
  const act = (job: Job, verb: "cancel" | "retry") =>
    attempt(async () => {
      await api.post(`/jobs/${job.id}/${verb}`);
      await jobs.refetch();
    });
  const nameOf = (kind: string) => {
    const key = `settings:jobs.kinds.${kind}`;
    return i18n.exists(key) ? t(key) : kind;
  };
  const rows = jobs.data?.rows ?? [];
  return (
    <div className={styles.page} data-wide>
      <h2>{t("settings:pages.jobs")}</h2>
      <p className={styles.intro}>{t("settings:jobs.text")}</p>
      {jobs.isPending ? <Bar /> : null}
      {jobs.isError ? <ErrorNotice error={jobs.error} retry={() => jobs.refetch()} /> : null}
      {jobs.data && rows.length === 0 ? <Empty title={t("settings:jobs.none")} /> : null}
      {rows.length > 0 ? (
        <ScrollBox label={t("settings:pages.jobs")}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("settings:jobs.what")}</th>
                <th scope="col">{t("settings:jobs.state")}</th>
                <th scope="col">{t("settings:jobs.by")}</th>
                <th scope="col">{t("settings:jobs.when")}</th>
                <th scope="col">
                  <span className="visually-hidden">{t("settings:jobs.verbs")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => {
                const at = job.finished_at ?? job.run_at ?? job.created_at;
                return (
                  <tr key={job.id}>
                    <th scope="row">
                      {nameOf(job.kind)}
                      {job.repeats ? (
                        <small className={styles.soft}> · {t("settings:jobs.repeats")}</small>
                      ) : null}
                    </th>
                    <td>
                      <span className={styles.state} data-state={job.state}>
                        {t(`settings:jobs.states.${job.state}`)}
                      </span>
                      {job.state === "running" && job.progress?.total ? (
                        <Progress
                          size="small"
                          percent={Math.floor((job.progress.done / job.progress.total) * 100)}
                        />
                      ) : null}
                      {job.error ? <p className={styles.soft}>{job.error}</p> : null}
                    </td>
                    <td>
                      {job.created_by
                        ? jobs.data?.labels?.[job.created_by]
                        : t("app:timeline.system")}
                    </td>
                    <td>
                      <time dateTime={at} title={format.exactInstant(at)}>
                        {format.instant(at)}
                      </time>
                    </td>
                    <td>
                      {(["cancel", "retry"] as const)
                        .filter((verb) => job.can?.includes(verb))
                        .map((verb) => (
                          <Button key={verb} size="small" onClick={() => act(job, verb)}>
                            {t(`settings:jobs.${verb}`)}
                          </Button>
                        ))}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollBox>
      ) : null}
    </div>
  );
}
