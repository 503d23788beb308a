import type { Row } from "@/api/types";

export type TeamNode = { row: Row; children: TeamNode[] };

/** The rows as a tree. A team whose parent is not among them stands at the root, so that none is lost. */
export function treeOf(rows: Row[]): TeamNode[] {
  const nodes = new Map(rows.map((row) => [row.id, { row, children: [] as TeamNode[] }]));
  const roots: TeamNode[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(String(node.row.parent_id));
    if (parent) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}
