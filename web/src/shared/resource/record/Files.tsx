import { UploadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Row, Schemas } from "@/api/types";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { AttachmentItem } from "./AttachmentItem";
import styles from "./record.module.css";
import { attach } from "./writeDown";

/** All files of a record; new ones are chosen or dropped. */
export function Files({ resource, row }: { resource: string; row: Row }) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const picker = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const files = useQuery({
    queryKey: keys.part(resource, row.id, "attachments"),
    queryFn: () => api.get<Schemas["AttachmentList"]>(`/${resource}/${row.id}/attachments`),
  });
  const reload = () => queryClient.invalidateQueries({ queryKey: keys.record(resource, row.id) });
  const upload = async (chosen: FileList | null) => {
    setIsBusy(true);
    try {
      const outcomes = await Promise.all(
        [...(chosen ?? [])].map((file) => attach(resource, row, file)),
      );
      if (outcomes.some(({ state }) => state === "queued")) message.info(t("app:queued_said"));
      await reload();
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section
      className={styles.files}
      aria-label={t("app:files.title")}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (!me.preview) upload(event.dataTransfer.files);
      }}
    >
      {me.preview ? null : (
        <>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t("app:files.add")}
            onChange={(event) => upload(event.target.files)}
          />
          <Button
            icon={<UploadOutlined />}
            loading={isBusy}
            onClick={() => picker.current?.click()}
          >
            {t("app:files.add")}
          </Button>
        </>
      )}
      {files.isPending ? <Bar /> : null}
      {files.isError ? <ErrorNotice error={files.error} retry={() => files.refetch()} /> : null}
      {files.data?.rows.length === 0 ? (
        <Empty title={t("app:files.none")} text={t("app:files.none_text")} />
      ) : null}
      {files.data?.rows.map((attachment) => (
        <AttachmentItem key={attachment.id} attachment={attachment} onChanged={reload} />
      ))}
    </section>
  );
}
