import type { Attachment, Comment, Row } from "@/api/types";
import { type Outcome, submit } from "@/shared/offline/offline";

const named = (row: Row) => ({ name: String(row.name ?? row.subject ?? "") });

/** Adds a file to a record; without a network it waits on this device. */
export const attach = (resource: string, row: Row, file: File): Promise<Outcome<Attachment>> =>
  submit<Attachment>({
    path: `/${resource}/${row.id}/attachments`,
    files: [file],
    what: { key: "app:files.waiting", params: named(row) },
  });

/** Says something about a record; `mentions` are ids of people. */
export const comment = (
  resource: string,
  row: Row,
  body: string,
  mentions: string[],
): Promise<Outcome<Comment>> =>
  submit<Comment>({
    path: `/${resource}/${row.id}/comments`,
    body: { body, mentions },
    what: { key: "app:comment.waiting", params: named(row) },
  });
