import { ApartmentOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button, Tree } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import type { Labels, Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useCreate } from "@/shared/resource/CreateProvider";
import listStyles from "@/shared/resource/list/list.module.css";
import { TableSkeleton } from "@/shared/resource/list/TableSkeleton";
import { useNames } from "@/shared/resource/names";
import { change } from "@/shared/resource/save";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { useUndo } from "@/shared/ui/useUndo";
import styles from "./teams.module.css";
import { type TeamNode, treeOf } from "./tree";

/** Companies with more teams than this see the first ones; lists and pickers still reach the others. */
const teams_max = 200;

/** The teams as a tree; dragging a team below another one moves it with everything under it. */
export function TeamTree() {
  const { t } = useTranslation(["teams", "app"]);
  const title = t("teams:title");
  useTitle(title);
  const me = useMe();
  const navigate = useNavigate();
  const create = useCreate();
  const { message } = App.useApp();
  const problems = useProblems();
  const undo = useUndo();
  const description = useResource("teams");
  const list = useList("teams", { sort: "name", page_size: teams_max });
  const rows = useMemo(() => list.data?.rows ?? [], [list.data]);
  const nodes = useMemo(() => treeOf(rows), [rows]);
  const mayCreate = (description?.actions.includes("create") ?? false) && !me.preview;
  const mayMove = (description?.actions.includes("edit") ?? false) && !me.preview;

  const move = async (id: string, parent: string | null) => {
    const row = rows.find((entry) => entry.id === id);
    if (!row || row.parent_id === parent) return;
    try {
      const { batch } = await change("teams", row, { parent_id: parent });
      undo(t("teams:tree.moved", { name: row.name }), batch);
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const draw = (node: TeamNode): DrawnNode => ({
    key: node.row.id,
    title: (
      <TeamLine
        row={node.row}
        labels={list.data?.labels ?? {}}
        add={mayCreate ? () => create("teams", { parent_id: node.row.id }) : undefined}
      />
    ),
    children: node.children.map(draw),
  });
  return (
    <div className={listStyles.page}>
      <div className={listStyles.head}>
        <div className={listStyles.toolbar}>
          <h1>{title}</h1>
          <div className={listStyles.tools}>
            {mayCreate ? (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => create("teams")}>
                {t("app:new")}
              </Button>
            ) : null}
          </div>
        </div>
        {mayMove && rows.length > 1 ? <p className={styles.hint}>{t("teams:tree.hint")}</p> : null}
      </div>
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      {list.isPending ? <TableSkeleton columns={3} /> : null}
      {list.data && rows.length === 0 ? (
        <Empty
          icon={<ApartmentOutlined />}
          title={t("teams:empty.title")}
          text={t("teams:empty.text")}
        />
      ) : null}
      {nodes.length > 0 ? (
        <div className={styles.tree}>
          <Tree
            blockNode
            defaultExpandAll
            draggable={mayMove ? { icon: false } : false}
            selectable={false}
            treeData={nodes.map(draw)}
            onClick={(event, node) => {
              if ((event.target as HTMLElement).closest("button")) return;
              navigate(recordPath("teams", String(node.key)));
            }}
            onDrop={({ dragNode, node, dropToGap }) => {
              const target = rows.find((row) => row.id === node.key);
              const parent = dropToGap ? ((target?.parent_id as string | null) ?? null) : node.key;
              move(String(dragNode.key), parent === null ? null : String(parent));
            }}
          />
        </div>
      ) : null}
    </div>
  );
}

type DrawnNode = { key: string; title: React.ReactNode; children: DrawnNode[] };

function TeamLine({
  row,
  labels,
  add,
}: {
  row: Row;
  labels: Labels;
  add: (() => void) | undefined;
}) {
  const { t } = useTranslation("teams");
  const names = useNames();
  const kind = useResource("teams")?.fields.find((field) => field.name === "kind");
  const manager = row.manager_id ? labels[String(row.manager_id)] : undefined;
  return (
    <span className={styles.line}>
      <b>{String(row.name)}</b>
      {manager ? <span className={styles.soft}>{manager}</span> : null}
      {kind && row.kind && row.kind !== "sales" ? (
        <span className={styles.soft}>{names.choice("teams", kind, String(row.kind))}</span>
      ) : null}
      {add ? (
        <Button
          className={styles.add}
          type="text"
          size="small"
          icon={<PlusOutlined />}
          aria-label={t("teams:tree.add_below", { name: row.name })}
          onClick={add}
        />
      ) : null}
    </span>
  );
}
