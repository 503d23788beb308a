import { App, Button, Dropdown, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Row, Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { change } from "@/shared/resource/save";
import { CopyText } from "@/shared/ui/CopyText";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";

type ResetLink = Schemas["ResetLink"];

/** What administrators do for a person's account. */
export function PersonActions({ row }: { row: Row }) {
  const { t } = useTranslation("people");
  const { message, modal } = App.useApp();
  const me = useMe();
  const format = useFormat();
  const problems = useProblems();
  const undo = useUndo();
  const navigate = useNavigate();
  const [link, setLink] = useState<ResetLink>();
  const mayConfigure = me.can.people?.includes("configure") && !me.preview;
  if (!mayConfigure) return null;
  const name = String(row.name);
  const isMe = row.id === me.person.id;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const lookAs = () =>
    attempt(async () => {
      await api.post("/session/preview", { person_id: row.id });
      // Everything on screen may look different to them.
      queryClient.clear();
      navigate("/");
    });
  const makeLink = () =>
    attempt(async () => setLink((await api.post<ResetLink>(`/people/${row.id}/reset-link`)).data));
  const setActive = (is_active: boolean) =>
    attempt(async () => {
      const { batch } = await change("people", row, { is_active });
      undo(
        t(is_active ? "people:actions.activated" : "people:actions.deactivated", { name }),
        batch,
      );
    });
  const deactivate = () =>
    // Signing somebody out everywhere can't be taken back, so this one asks.
    modal.confirm({
      title: t("people:actions.deactivate_title", { name }),
      content: t("people:actions.deactivate_text"),
      okText: t("people:actions.deactivate"),
      okButtonProps: { danger: true },
      onOk: () => setActive(false),
    });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "link", label: t("people:actions.reset_link"), onClick: makeLink },
            {
              key: "look",
              label: t("people:actions.look_as"),
              onClick: lookAs,
              disabled: isMe || !row.is_active,
            },
            row.is_active
              ? {
                  key: "deactivate",
                  danger: true,
                  label: t("people:actions.deactivate"),
                  onClick: deactivate,
                  disabled: isMe,
                }
              : {
                  key: "activate",
                  label: t("people:actions.activate"),
                  onClick: () => setActive(true),
                },
          ],
        }}
      >
        <Button>{t("people:actions.account")}</Button>
      </Dropdown>
      <Modal
        open={link !== undefined}
        title={t("people:actions.reset_link")}
        onCancel={() => setLink(undefined)}
        footer={null}
        destroyOnHidden
      >
        <p style={{ marginBottom: "var(--space-3)" }}>
          {link
            ? t("people:actions.reset_link_text", {
                name,
                until: format.instant(link.expires_at),
              })
            : null}
        </p>
        <CopyText
          label={t("people:actions.reset_link")}
          text={link ? new URL(link.url, window.location.origin).href : ""}
        />
      </Modal>
    </>
  );
}
