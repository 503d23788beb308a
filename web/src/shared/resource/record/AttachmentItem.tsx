import { FileOutlined } from "@ant-design/icons";
import { App, Button, Image } from "antd";
import { useTranslation } from "react-i18next";
import { address, api } from "@/api/request";
import type { Attachment } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { useProblems } from "@/shared/ui/problems";
import styles from "./record.module.css";

/** A file: images with a small picture, PDF opens in the browser, everything else downloads. */
export function AttachmentItem({
  attachment,
  onChanged,
}: {
  attachment: Attachment;
  onChanged: () => void;
}) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const format = useFormat();
  const problems = useProblems();
  const isImage = attachment.content_type.startsWith("image/");
  const opens = attachment.content_type === "application/pdf";
  const path = `/attachments/${attachment.id}`;
  const remove = async () => {
    try {
      await api.delete(path);
      onChanged();
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  return (
    <div className={styles.file}>
      {isImage ? (
        <Image
          src={address(path, { inline: 1 })}
          alt={attachment.name}
          width={44}
          height={44}
          className={styles.thumb}
        />
      ) : (
        <span className={styles.thumb} aria-hidden>
          <FileOutlined />
        </span>
      )}
      <span className={styles.fileName}>
        <a
          href={address(path, opens ? { inline: 1 } : {})}
          target={opens ? "_blank" : undefined}
          rel="noreferrer"
          download={opens ? undefined : attachment.name}
        >
          {attachment.name}
        </a>
        <small>{format.bytes(attachment.size)}</small>
      </span>
      {attachment.can?.includes("delete") ? (
        <Button size="small" type="text" onClick={remove}>
          {t("app:delete")}
        </Button>
      ) : null}
    </div>
  );
}
