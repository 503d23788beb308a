import { PaperClipOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Mentions } from "antd";
import { type ChangeEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Page, Row } from "@/api/types";
import { useFeatures } from "@/shared/features";
import { useSettled } from "@/shared/fields/ReferenceInput";
import type { Outcome } from "@/shared/offline/offline";
import { Kbd } from "@/shared/ui/Kbd";
import { useProblems } from "@/shared/ui/problems";
import { useIsPhone } from "@/shared/ui/useMedia";
import { usePreference } from "@/shared/ui/usePreference";
import { useCreate } from "../CreateProvider";
import styles from "./record.module.css";
import { attach, comment } from "./writeDown";

type Person = { id: string; name: string };

/** Logs what was done, writes a comment with @mentions or adds files; what isn't sent yet is kept in this browser. */
export function Composer({
  resource,
  row,
  onSent,
}: {
  resource: string;
  row: Row;
  onSent: () => void;
}) {
  const { id } = row;
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const problems = useProblems();
  const isPhone = useIsPhone();
  const [text, setText] = usePreference<string>(`draft.comment.${id}`, "");
  const [search, setSearch] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const mentioned = useRef(new Map<string, Person>());
  const picker = useRef<HTMLInputElement>(null);
  const query = useSettled(search, 150);
  const people = useQuery({
    queryKey: ["list", "people", { mention: query }],
    queryFn: ({ signal }) =>
      api.get<Page>("/people", { q: query || undefined, page_size: 8 }, signal),
    enabled: query !== undefined,
  });

  const attempt = async (work: () => Promise<Outcome<unknown>[]>) => {
    setIsBusy(true);
    try {
      const outcomes = await work();
      if (outcomes.some(({ state }) => state === "queued")) message.info(t("app:queued_said"));
      onSent();
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  const send = () => {
    const body = text.trim();
    if (!body) return;
    const mentions = [...mentioned.current.values()]
      .filter((person) => body.includes(`@${person.name}`))
      .map((person) => person.id);
    attempt(async () => {
      const said = await comment(resource, row, body, mentions);
      setText(undefined);
      mentioned.current.clear();
      return [said];
    });
  };
  const upload = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    attempt(() => Promise.all(files.map((file) => attach(resource, row, file))));
  };
  return (
    <div className={styles.composer}>
      <ComposerAdds resource={resource} row={row} onSent={onSent} />
      <Mentions
        value={text}
        onChange={setText}
        onSearch={setSearch}
        onSelect={(option) =>
          mentioned.current.set(option.key ?? "", {
            id: option.key ?? "",
            name: option.value ?? "",
          })
        }
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
        options={(people.data?.rows ?? []).map((person) => ({
          key: person.id,
          value: String(person.name),
          label: String(person.name),
        }))}
        loading={people.isFetching}
        filterOption={false}
        variant="borderless"
        autoSize={{ minRows: 2, maxRows: 10 }}
        placeholder={t("app:comment.placeholder")}
        aria-label={t("app:comment.title")}
      />
      <div className={styles.composerFoot}>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={upload}
          aria-label={t("app:files.add")}
        />
        <Button
          type="text"
          size="small"
          icon={<PaperClipOutlined />}
          onClick={() => picker.current?.click()}
        >
          {t("app:files.add")}
        </Button>
        <span className={styles.composerEnd}>
          {isPhone ? null : <Kbd keys="mod+enter" />}
          <Button
            type="primary"
            size="small"
            disabled={!text.trim()}
            loading={isBusy}
            onClick={send}
          >
            {t("app:comment.send")}
          </Button>
        </span>
      </div>
    </div>
  );
}

/** What can be added to this record's timeline beside a comment: a visit, a call, a task. */
function ComposerAdds({
  resource,
  row,
  onSent,
}: {
  resource: string;
  row: Row;
  onSent: () => void;
}) {
  const { t } = useTranslation("app");
  const me = useMe();
  const create = useCreate();
  const adds = useFeatures()
    .flatMap((feature) => feature.resources ?? [])
    .flatMap((ui) => {
      const given = ui.linkedTo?.[resource]?.(row);
      if (!given || !me.can[ui.resource]?.includes("create")) return [];
      return (ui.quickAdds ?? []).map((entry) => ({ ...entry, resource: ui.resource, given }));
    });
  if (adds.length === 0) return null;
  return (
    <div className={styles.composerAdds}>
      {adds.map((entry) => (
        <button
          key={entry.key}
          type="button"
          onClick={() => create(entry.resource, { ...entry.initial, ...entry.given }, onSent)}
        >
          {entry.icon}
          {t(entry.label)}
        </button>
      ))}
    </div>
  );
}
