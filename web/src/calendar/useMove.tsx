import { App, Modal } from "antd";
import { type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { queryClient } from "@/api/queries";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { submit } from "@/shared/offline/offline";
import { Chips } from "@/shared/ui/Chips";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { type Calendar, calendarKey, type Entry } from "./useCalendar";

export type To = { starts_at: string; ends_at: string };

const scopes = ["this", "following", "all"] as const;
type Scope = (typeof scopes)[number];

/** Shows it at once where it will be. */
function show(entry: Entry, change: Partial<Entry>): void {
  queryClient.setQueriesData<Calendar>({ queryKey: calendarKey }, (known) =>
    known
      ? {
          ...known,
          entries: known.entries.map((one) => (one.id === entry.id ? { ...one, ...change } : one)),
        }
      : known,
  );
}

/**
 * Puts an entry to another time; of a series, asks how far that reaches. Answers the function, and the dialog to be placed
 * on the page.
 */
export function useMove(): { move: (entry: Entry, to: To) => void; dialog: ReactNode } {
  const { t } = useTranslation("calendar");
  const { message } = App.useApp();
  const format = useFormat();
  const navigate = useNavigate();
  const undo = useUndo();
  const problems = useProblems();
  const [asked, setAsked] = useState<{ entry: Entry; to: To }>();

  const send = useCallback(
    async (entry: Entry, to: To, scope?: Scope) => {
      const name = entry.subject ?? "";
      show(entry, { ...to, state: "moved" });
      try {
        const outcome = await submit<Row>({
          path: `/activities/${entry.id}/move`,
          body: { planned_start_at: to.starts_at, planned_end_at: to.ends_at, scope },
          what: { key: "calendar:waiting.moved", params: { name } },
          resource: "activities",
          recordId: entry.id,
          ifMatch: entry.version,
          overwrite: { method: "POST", path: `/activities/${entry.id}/move` },
        });
        if (outcome.state === "conflict") return navigate(`/waiting/${outcome.id}`);
        const when = `${format.day(format.dayOf(to.starts_at))} ${format.time(to.starts_at)}`;
        if (outcome.state === "queued") {
          message.info(t("calendar:move.queued", { name, when }));
          return;
        }
        show(entry, { version: outcome.data.version });
        undo(t("calendar:move.done", { name, when }), outcome.batch);
        const warnings = (outcome.data.warnings ?? []) as { code: string; subject?: string }[];
        const overlaps = warnings.filter((warning) => warning.code === "overlaps");
        if (overlaps.length > 0) {
          const others = overlaps.map((warning) => warning.subject ?? "").join(" / ");
          message.warning(t("calendar:move.overlaps", { others }), 6);
        }
      } catch (error) {
        await queryClient.invalidateQueries({ queryKey: calendarKey });
        const items = error instanceof ProblemError ? problems.sort(error, []).others : [];
        message.error(items.length > 0 ? items.join(" ") : problems.text(error));
      }
    },
    [t, message, format, navigate, undo, problems],
  );
  const move = useCallback(
    (entry: Entry, to: To) => {
      const isSame =
        Date.parse(to.starts_at) === Date.parse(entry.starts_at) &&
        Date.parse(to.ends_at) === Date.parse(entry.ends_at);
      if (isSame) return;
      if (entry.series_id) setAsked({ entry, to });
      else send(entry, to);
    },
    [send],
  );
  const dialog = asked ? (
    <ScopeDialog
      name={asked.entry.subject ?? ""}
      cancel={() => setAsked(undefined)}
      choose={(scope) => {
        setAsked(undefined);
        send(asked.entry, asked.to, scope);
      }}
    />
  ) : null;
  return { move, dialog };
}

/** How far a change of one occurrence reaches. */
function ScopeDialog({
  name,
  choose,
  cancel,
}: {
  name: string;
  choose: (scope: Scope) => void;
  cancel: () => void;
}) {
  const { t } = useTranslation(["calendar", "app"]);
  const [scope, setScope] = useState<Scope>("this");
  return (
    <Modal
      open
      title={t("calendar:scope.title", { name })}
      okText={t("calendar:scope.move")}
      cancelText={t("app:cancel")}
      onOk={() => choose(scope)}
      onCancel={cancel}
    >
      <p style={{ marginBottom: "var(--space-3)" }}>{t("calendar:scope.text")}</p>
      <Chips<Scope>
        label={t("calendar:scope.text")}
        value={scope}
        onChange={(next) => next && setScope(next)}
        options={scopes.map((value) => ({ value, label: t(`calendar:scope.${value}`) }))}
      />
    </Modal>
  );
}
