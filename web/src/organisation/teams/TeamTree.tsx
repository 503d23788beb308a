import { ApartmentOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button, Tree } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { keys, refresh, useMe, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Labels, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useCreate } from "@/shared/resource/CreateProvider";
import listStyles from "@/shared/resource/list/list.module.css";
import { TableSkeleton } from "@/shared/resource/list/TableSkeleton";
import { useNames } from "@/shared/resource/names";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { useUndo } from "@/shared/ui/useUndo";
import styles from "./teams.module.css";

type TeamNode = Schemas["TeamNode"];

/** Larger trees begin with their upper two levels open. */
const open_max = 200;

/** All teams from above to below, each with its parent and its depth from 0. */
function walk(nodes: TeamNode[], parent: string | null = null, depth = 0): Found[] {
  return nodes.flatMap((node) => [
    { node, parent, depth },
    ...walk(node.children, node.id, depth + 1),
  ]);
}

type Found = { node: TeamNode; parent: string | null; depth: number };

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
  const tree = useQuery({
    // Among the lists of teams, so that live changes reach it.
    queryKey: keys.list("teams", { tree: true }),
    queryFn: ({ signal }) => api.get<Schemas["TeamTree"]>("/teams/tree", undefined, signal),
  });
  const nodes = tree.data?.rows ?? [];
  const all = useMemo(() => walk(tree.data?.rows ?? []), [tree.data]);
  const open = all.length > open_max ? all.filter(({ depth }) => depth < 1) : all;
  const mayCreate = (description?.actions.includes("create") ?? false) && !me.preview;
  const mayMove = (description?.actions.includes("edit") ?? false) && !me.preview;

  const move = async (id: string, parent: string | null) => {
    const moved = all.find(({ node }) => node.id === id);
    if (!moved || moved.parent === parent) return;
    try {
      const { batch } = await api.patch(`/teams/${id}`, { parent_id: parent }, moved.node.version);
      refresh("teams", id);
      undo(t("teams:tree.moved", { name: moved.node.name }), batch);
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const draw = (node: TeamNode): DrawnNode => ({
    key: node.id,
    title: (
      <TeamLine
        node={node}
        labels={tree.data?.labels ?? {}}
        add={mayCreate ? () => create("teams", { parent_id: node.id }) : undefined}
      />
    ),
    children: node.children.map(draw),
  });
  return (
    <div className={listStyles.page}>
      <div className={listStyles.head}>
        <div className={listStyles.toolbar}>
          <h1 data-kept>{title}</h1>
          <div className={listStyles.tools}>
            {mayCreate ? (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => create("teams")}>
                {t("app:new")}
              </Button>
            ) : null}
          </div>
        </div>
        {mayMove && all.length > 1 ? <p className={styles.hint}>{t("teams:tree.hint")}</p> : null}
      </div>
      {tree.isError ? <ErrorNotice error={tree.error} retry={() => tree.refetch()} /> : null}
      {tree.isPending ? <TableSkeleton columns={3} /> : null}
      {tree.data && all.length === 0 ? (
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
            defaultExpandedKeys={open.map(({ node }) => node.id)}
            draggable={mayMove ? { icon: false } : false}
            selectable={false}
            treeData={nodes.map(draw)}
            onClick={(event, node) => {
              if ((event.target as HTMLElement).closest("button")) return;
              navigate(recordPath("teams", String(node.key)));
            }}
            onDrop={({ dragNode, node, dropToGap }) => {
              const target = all.find((entry) => entry.node.id === node.key);
              const parent = dropToGap ? (target?.parent ?? null) : node.key;
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
  node,
  labels,
  add,
}: {
  node: TeamNode;
  labels: Labels;
  add: (() => void) | undefined;
}) {
  const { t } = useTranslation("teams");
  const names = useNames();
  const kind = useResource("teams")?.fields.find((field) => field.name === "kind");
  const manager = node.manager_id ? labels[node.manager_id] : undefined;
  return (
    <span className={styles.line}>
      <b>{node.name}</b>
      {manager ? <span className={styles.soft}>{manager}</span> : null}
      {kind && node.kind && node.kind !== "sales" ? (
        <span className={styles.soft}>{names.choice("teams", kind, node.kind)}</span>
      ) : null}
      {node.people_below > 0 ? (
        <span className={styles.soft}>{t("teams:tree.people", { count: node.people_below })}</span>
      ) : null}
      {add ? (
        <Button
          className={styles.add}
          type="text"
          size="small"
          icon={<PlusOutlined />}
          aria-label={t("teams:tree.add_below", { name: node.name })}
          onClick={add}
        />
      ) : null}
    </span>
  );
}
