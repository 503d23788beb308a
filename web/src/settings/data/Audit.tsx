import { DownloadOutlined } from "@ant-design/icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe, useMeta } from "@/api/queries";
import { address, api } from "@/api/request";
import type { Labels, LedgerEntry, Schemas } from "@/api/types";
import { recordPath, useFeatures } from "@/shared/features";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useFormat } from "@/shared/format/useFormat";
import { Changes } from "@/shared/resource/record/Changes";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import { type AddressChange, useAddress } from "@/shared/ui/useAddress";
import styles from "../settings.module.css";
import auditStyles from "./audit.module.css";

const actions = [
  "create",
  "update",
  "delete",
  "advance",
  "close",
  "reopen",
  "share",
  "export",
  "sign_in",
  "preview",
];
const sources = ["session", "token", "import", "system"];
const names = ["actor_id", "resource", "action", "source", "from", "to"] as const;

/** Who did what, when and from where; the whole ledger for those who may see it. */
export function Audit() {
  const { t } = useTranslation(["settings", "ledger"]);
  const me = useMe();
  const { resources } = useMeta();
  const [search, setAddress] = useAddress();
  const question = Object.fromEntries(names.map((name) => [name, search.get(name) ?? undefined]));
  const audit = useInfiniteQuery({
    queryKey: ["audit", question],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schemas["AuditPage"]>("/audit", { ...question, before: pageParam }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
  const set = (change: AddressChange) => setAddress(change, true);
  const pages = audit.data?.pages ?? [];
  const isNone = pages[0]?.rows.length === 0;
  return (
    <div className={styles.page} data-wide>
      <div className={styles.head}>
        <h2>{t("settings:pages.audit")}</h2>
        {me.can.audit?.includes("export") ? (
          <Button
            icon={<DownloadOutlined />}
            onClick={() => window.location.assign(address("/audit/export", question))}
          >
            {t("app:export.title")}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("settings:audit.text")}</p>
      <div className={auditStyles.filters}>
        <span className={auditStyles.person}>
          <ReferenceInput
            resource="people"
            value={question.actor_id ?? null}
            placeholder={t("settings:audit.who")}
            aria-label={t("settings:audit.who")}
            onChange={(actor_id) => set({ actor_id })}
          />
        </span>
        <Select
          allowClear
          value={question.resource}
          popupMatchSelectWidth={false}
          placeholder={t("settings:audit.resource")}
          aria-label={t("settings:audit.resource")}
          onChange={(resource) => set({ resource })}
          options={resources
            .filter((resource) => resource.name !== "opportunity_lines")
            .map((resource) => ({
              value: resource.name,
              label: t(`${resource.name}:title`),
            }))}
        />
        <Select
          allowClear
          value={question.action}
          popupMatchSelectWidth={false}
          placeholder={t("settings:audit.action")}
          aria-label={t("settings:audit.action")}
          onChange={(action) => set({ action })}
          options={actions.map((action) => ({
            value: action,
            label: t(`ledger:actions.${action}`),
          }))}
        />
        <Select
          allowClear
          value={question.source}
          popupMatchSelectWidth={false}
          placeholder={t("settings:audit.source")}
          aria-label={t("settings:audit.source")}
          onChange={(source) => set({ source })}
          options={sources.map((source) => ({
            value: source,
            label: t(`settings:audit.sources.${source}`),
          }))}
        />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          value={[
            question.from ? dayjs(question.from) : null,
            question.to ? dayjs(question.to) : null,
          ]}
          onChange={(range) =>
            set({
              from: range?.[0]?.format("YYYY-MM-DD"),
              to: range?.[1]?.format("YYYY-MM-DD"),
            })
          }
        />
      </div>
      {audit.isPending ? <Bar /> : null}
      {audit.isError ? <ErrorNotice error={audit.error} retry={() => audit.refetch()} /> : null}
      {isNone ? <Empty title={t("settings:audit.none")} /> : null}
      {pages.length > 0 && !isNone ? (
        <ScrollBox label={t("settings:pages.audit")}>
          <table className={`${styles.table} ${auditStyles.table}`}>
            <thead>
              <tr>
                <th scope="col">{t("settings:audit.when")}</th>
                <th scope="col">{t("settings:audit.who")}</th>
                <th scope="col">{t("settings:audit.what")}</th>
                <th scope="col">{t("settings:audit.record")}</th>
              </tr>
            </thead>
            <tbody>
              {pages.flatMap((page) =>
                page.rows.map((entry) => (
                  <Line key={entry.seq} entry={entry} labels={page.labels} />
                )),
              )}
            </tbody>
          </table>
        </ScrollBox>
      ) : null}
      {audit.hasNextPage ? (
        <Button loading={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          {t("app:timeline.earlier")}
        </Button>
      ) : null}
    </div>
  );
}

function Line({ entry, labels }: { entry: LedgerEntry; labels: Labels }) {
  const { t, i18n } = useTranslation(["settings", "ledger"]);
  const format = useFormat();
  const features = useFeatures();
  const say = (key: string, otherwise: string) => (i18n.exists(key) ? t(key) : otherwise);
  const source = entry.source.split(":")[0] ?? "";
  const hasPage = features
    .flatMap((feature) => feature.resources ?? [])
    .some((ui) => ui.resource === entry.resource && ui.resource !== "roles");
  const label = labels[entry.record_id];
  // Who signs in is nobody yet; the session says who it became.
  const isSession = entry.resource === "sessions";
  const who = entry.actor_id ? labels[entry.actor_id] : isSession ? label : undefined;
  return (
    <tr>
      <td>
        <time dateTime={entry.at} title={format.exactInstant(entry.at)}>
          {format.instant(entry.at)}
        </time>
      </td>
      <td>
        {who ?? t("app:timeline.system")}
        <small className={auditStyles.source}>
          {isSession ? null : say(`settings:audit.sources.${source}`, source)}
        </small>
      </td>
      <td>
        {say(`ledger:actions.${entry.action}`, entry.action)}
        <Changes resource={entry.resource} changes={entry.changes} labels={labels} />
      </td>
      <td>
        {isSession ? null : (
          <>
            {hasPage && label ? (
              <Link to={recordPath(entry.resource, entry.record_id)}>{label}</Link>
            ) : (
              label
            )}
            <small className={auditStyles.source}>
              {say(`${entry.resource}:one`, say(`${entry.resource}:title`, ""))}
            </small>
          </>
        )}
      </td>
    </tr>
  );
}
