import { DeleteOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, useMe, useMeta } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import listStyles from "./list/list.module.css";
import { Pager } from "./list/Pager";
import { TableSkeleton } from "./list/TableSkeleton";

type Binned = Schemas["Binned"];

/** What was deleted in the last 30 days, each with a way back. */
export function RecycleBin() {
  const { t } = useTranslation("app");
  useTitle(t("app:recycle_bin.title"));
  const { message } = App.useApp();
  const me = useMe();
  const { resources } = useMeta();
  const format = useFormat();
  const problems = useProblems();
  const [resource, setResource] = useState<string>();
  const [page, setPage] = useState(1);
  const bin = useQuery({
    queryKey: ["recycle-bin", resource, page],
    queryFn: () => api.get<Schemas["BinPage"]>("/recycle-bin", { resource, page }),
    staleTime: 0,
  });
  const restore = async (entry: Binned) => {
    try {
      await api.post(`/ledger/${entry.batch}/undo`);
      message.success(t("app:recycle_bin.restored", { what: entry.label }));
      await queryClient.invalidateQueries();
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const rows = bin.data?.rows ?? [];
  return (
    <div className={listStyles.page}>
      <div className={listStyles.head}>
        <div className={listStyles.toolbar}>
          <h1 data-kept>{t("app:recycle_bin.title")}</h1>
          <div className={listStyles.tools}>
            <Select
              style={{ minWidth: 140 }}
              allowClear
              placeholder={t("app:recycle_bin.everything")}
              aria-label={t("app:recycle_bin.kind")}
              value={resource}
              onChange={(next) => {
                setResource(next);
                setPage(1);
              }}
              options={resources
                .filter((entry) => entry.actions.includes("delete"))
                .map((entry) => ({ value: entry.name, label: t(`${entry.name}:title`) }))}
            />
          </div>
        </div>
      </div>
      {bin.isPending ? <TableSkeleton columns={4} /> : null}
      {bin.isError ? <ErrorNotice error={bin.error} retry={() => bin.refetch()} /> : null}
      {bin.data && rows.length === 0 ? (
        <Empty
          icon={<DeleteOutlined />}
          title={t("app:recycle_bin.empty")}
          text={t("app:recycle_bin.empty_text")}
        />
      ) : null}
      {rows.length > 0 && bin.data ? (
        <>
          <div className={listStyles.tableBox}>
            <table className={listStyles.table} style={{ minWidth: 640 }}>
              <thead>
                <tr>
                  <th>{t("app:recycle_bin.name")}</th>
                  <th>{t("app:recycle_bin.kind")}</th>
                  <th>{t("app:recycle_bin.deleted_by")}</th>
                  <th>{t("app:recycle_bin.deleted_at")}</th>
                  <th>{t("app:recycle_bin.expires_on")}</th>
                  <th>
                    <span className="visually-hidden">{t("app:recycle_bin.restore")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((entry) => (
                  <tr key={entry.batch + entry.record_id}>
                    <th scope="row">{entry.label}</th>
                    <td>{t(`${entry.resource}:one`)}</td>
                    <td>{entry.deleted_by ? bin.data.labels[entry.deleted_by] : null}</td>
                    <td>
                      <time
                        dateTime={entry.deleted_at}
                        title={format.exactInstant(entry.deleted_at)}
                      >
                        {format.instant(entry.deleted_at)}
                      </time>
                    </td>
                    <td>{format.day(entry.expires_on)}</td>
                    <td>
                      {me.preview ? null : (
                        <Button size="small" onClick={() => restore(entry)}>
                          {t("app:recycle_bin.restore")}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager
            page={page}
            pageSize={50}
            total={bin.data.total}
            count={rows.length}
            go={setPage}
          />
        </>
      ) : null}
    </div>
  );
}
