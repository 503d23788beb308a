import { PlusOutlined } from "@ant-design/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useList, useMe } from "@/api/queries";
import { useFormat } from "@/shared/format/useFormat";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { Chips } from "@/shared/ui/Chips";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useTitle } from "@/shared/ui/useTitle";
import { useKinds } from "../kinds";
import { useSaid } from "../useSaid";
import { addActivity } from "../writes";
import { byPeriod } from "./groups";
import { readLine } from "./quick";
import { TaskLine } from "./TaskLine";
import styles from "./tasks.module.css";

const whose = ["mine", "given", "done"] as const;
type Whose = (typeof whose)[number];

const open = { field: "state", op: "in", value: ["planned", "moved"] };
const me = { op: "in", value: ["me"] };

/** Which tasks each tab shows; those given to others are followed by the one who gave them. */
const filters: Record<Whose, object[]> = {
  mine: [open, { field: "owner_id", ...me }],
  given: [open, { field: "giver_id", ...me }, { not: { field: "owner_id", ...me } }],
  done: [
    { field: "state", op: "in", value: ["done"] },
    {
      or: [
        { field: "owner_id", ...me },
        { field: "giver_id", ...me },
      ],
    },
  ],
};

/** What is to be done, by when; a new one is a line and Enter. */
export function TasksPage() {
  const { t } = useTranslation(["activities", "app"]);
  useTitle(t("activities:tasks.title"));
  const format = useFormat();
  const person = useMe();
  const kinds = useKinds();
  const create = useCreate();
  const [search, setSearch] = useSearchParams();
  const shown = whose.find((entry) => entry === search.get("show")) ?? "mine";
  const ids = (kinds ?? []).filter((kind) => kind.family === "task").map((kind) => kind.id);
  const list = useList(
    "activities",
    {
      filter: JSON.stringify({
        and: [{ field: "kind_id", op: "in", value: ids }, ...filters[shown]],
      }),
      sort: shown === "done" ? "-done_on" : "due_on",
      page_size: 200,
    },
    ids.length > 0,
  );
  const rows = list.data?.rows ?? [];
  const labels = list.data?.labels ?? {};
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t("activities:tasks.title")}</h1>
        <Chips
          label={t("activities:tasks.show")}
          value={shown}
          onChange={(next) => setSearch(next && next !== "mine" ? { show: next } : {})}
          options={whose.map((name) => ({ value: name, label: t(`activities:tasks.${name}`) }))}
        />
      </header>
      {shown === "done" || person.preview ? null : (
        <QuickTask
          kind_id={ids[0]}
          more={(line) => create("activities", { family: "task", ...line })}
        />
      )}
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      {list.isPending ? (
        <div className={styles.waiting} aria-busy>
          <Bar width="60%" />
          <Bar width="80%" />
          <Bar width="50%" />
        </div>
      ) : null}
      {list.data && rows.length === 0 ? (
        <Empty
          title={t(`activities:tasks.none_${shown}`)}
          text={t(`activities:tasks.none_${shown}_text`)}
        />
      ) : null}
      {shown === "done" ? (
        <ul className={styles.group}>
          {rows.map((row) => (
            <li key={row.id}>
              <TaskLine row={row} labels={labels} />
            </li>
          ))}
        </ul>
      ) : (
        byPeriod(rows, format.today).map((group) => (
          <section key={group.period}>
            <h2 className={styles.period} data-period={group.period}>
              {t(`activities:tasks.${group.period}`)}
              <span>{group.rows.length}</span>
            </h2>
            <ul className={styles.group}>
              {group.rows.map((row) => (
                <li key={row.id}>
                  <TaskLine row={row} labels={labels} />
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
    </div>
  );
}

function QuickTask({
  kind_id,
  more,
}: {
  kind_id: string | undefined;
  more: (line: Record<string, unknown>) => void;
}) {
  const { t } = useTranslation("activities");
  const format = useFormat();
  const [text, setText] = useState("");
  const { attempt, isBusy, error } = useSaid(() => setText(""));
  const line = readLine(text, format.today);
  const add = () => {
    if (!line.subject || isBusy) return;
    attempt(t("activities:saved_said", { name: line.subject }), () =>
      addActivity({ kind_id, ...line }, line.subject),
    );
  };
  return (
    <form
      className={styles.quick}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <PlusOutlined aria-hidden />
      <input
        value={text}
        maxLength={200}
        enterKeyHint="done"
        placeholder={t("activities:tasks.quick")}
        aria-label={t("activities:tasks.quick_label")}
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() ? (
        <>
          <span className={styles.read}>
            {format.day(line.due_on)}
            {line.priority === "high" ? ` · ${t("activities:choices.priority.high")}` : ""}
          </span>
          <button
            type="button"
            onClick={() => {
              more(line);
              setText("");
            }}
          >
            {t("activities:tasks.more")}
          </button>
        </>
      ) : null}
      {error ? <p role="alert">{error}</p> : null}
    </form>
  );
}
