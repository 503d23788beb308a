import type { CodeNode } from "@/api/types";

const paths = new WeakMap<CodeNode[], Map<string, CodeNode[]>>();

/** From the root to each node, for finding a code's names quickly. */
function pathsOf(tree: CodeNode[]): Map<string, CodeNode[]> {
  const known = paths.get(tree);
  if (known) return known;
  const found = new Map<string, CodeNode[]>();
  const walk = (nodes: CodeNode[], above: CodeNode[]) => {
    for (const node of nodes) {
      const path = [...above, node];
      found.set(node.code, path);
      if (node.children) walk(node.children, path);
    }
  };
  walk(tree, []);
  paths.set(tree, found);
  return found;
}

export function codePath(tree: CodeNode[], code: string): CodeNode[] {
  return pathsOf(tree).get(code) ?? [];
}

export const nameOf = (node: CodeNode, language: string) =>
  (language === "en" ? node.name_en : undefined) ?? node.name;

/** `浙江省 杭州市 西湖区`; names that only say "the city itself" are left out. */
function regionName(tree: CodeNode[], code: string, language: string): string {
  return codePath(tree, code)
    .filter((node) => !/^(市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)$/.test(node.name))
    .map((node) => nameOf(node, language))
    .join(" ");
}

/** The narrowest name of an industry. */
function industryName(tree: CodeNode[], code: string, language: string): string {
  const node = codePath(tree, code).at(-1);
  return node ? nameOf(node, language) : "";
}

/** The name of a code, or the code itself where the tree doesn't know it. */
export function codeName(
  type: "region" | "industry",
  tree: CodeNode[],
  code: string,
  language: string,
): string {
  const name = type === "region" ? regionName : industryName;
  return name(tree, code, language) || code;
}
