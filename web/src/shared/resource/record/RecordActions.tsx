import {
  DeleteOutlined,
  EditOutlined,
  EyeOutlined,
  MoreOutlined,
  StarFilled,
  StarOutlined,
} from "@ant-design/icons";
import { App, Button, Drawer, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Row } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { useDialog } from "@/shared/ui/DialogProvider";
import { useProblems } from "@/shared/ui/problems";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { useUndo } from "@/shared/ui/useUndo";
import { useEdit } from "../CreateProvider";
import { labelOf, remove } from "../save";
import { Viewers } from "./Viewers";

type Props = {
  resource: string;
  row: Row;
  onDeleted: () => void;
  /** On the record's own page: names on the buttons and E for edit. */
  isPage?: boolean;
};

export function RecordActions({ resource, row, onDeleted, isPage }: Props) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const me = useMe();
  const edit = useEdit();
  const openDialog = useDialog();
  const asks = useResourceUi(resource)?.deletion?.(row);
  const undo = useUndo();
  const problems = useProblems();
  const description = useResource(resource);
  const [isShowingViewers, setIsShowingViewers] = useState(false);
  const mayEdit = row.can.includes("edit") && !me.preview;
  const mayDelete = row.can.includes("delete") && !me.preview;
  useShortcuts(mayEdit ? { e: () => edit(resource, row) } : {}, Boolean(isPage));

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const destroy = () =>
    attempt(async () => {
      const label = labelOf(description, row);
      onDeleted();
      undo(t("app:record.deleted", { what: label }), await remove(resource, row));
    });
  const follow = () =>
    attempt(async () => {
      const path = `/${resource}/${row.id}/following`;
      if (row.following) await api.delete(path);
      else await api.put(path);
      queryClient.setQueryData(keys.record(resource, row.id), (known: Row | undefined) =>
        known ? { ...known, following: !row.following } : known,
      );
    });
  const copyLink = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(window.location.origin + recordPath(resource, row.id));
      message.success(t("app:record.link_copied"));
    });
  const followText = t(row.following ? "app:record.unfollow" : "app:record.follow");
  const size = isPage ? "middle" : "small";
  return (
    <>
      {mayEdit ? (
        <Button
          size={size}
          type={isPage ? "default" : "text"}
          icon={<EditOutlined />}
          onClick={() => edit(resource, row)}
          aria-label={t("app:edit")}
        >
          {isPage ? t("app:edit") : null}
        </Button>
      ) : null}
      {me.preview ? null : (
        <Tooltip title={followText}>
          <Button
            size={size}
            type="text"
            icon={
              row.following ? <StarFilled style={{ color: "var(--accent)" }} /> : <StarOutlined />
            }
            aria-label={followText}
            aria-pressed={Boolean(row.following)}
            onClick={follow}
          />
        </Tooltip>
      )}
      <Tooltip title={t("app:viewers.title")}>
        <Button
          size={size}
          type="text"
          icon={<EyeOutlined />}
          aria-label={t("app:viewers.title")}
          onClick={() => setIsShowingViewers(true)}
        />
      </Tooltip>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...(window.isSecureContext
              ? [{ key: "link", label: t("app:record.copy_link"), onClick: copyLink }]
              : []),
            {
              key: "delete",
              danger: true,
              disabled: !mayDelete,
              icon: <DeleteOutlined />,
              label: t("app:delete"),
              onClick: asks ? () => openDialog(asks, { row, onDeleted }) : destroy,
            },
          ],
        }}
      >
        <Button size={size} type="text" icon={<MoreOutlined />} aria-label={t("app:more")} />
      </Dropdown>
      <Drawer
        open={isShowingViewers}
        onClose={() => setIsShowingViewers(false)}
        title={t("app:viewers.title")}
        destroyOnHidden
        size="min(440px, 100vw)"
      >
        <Viewers resource={resource} row={row} />
      </Drawer>
    </>
  );
}
