import type { Query } from "@/api/request";
import type { Filter, FilterLeaf, Labels, Page, Row } from "@/api/types";

export type Rows = { row: Row; labels: Labels }[];

/** Said when a question can't be answered from the device; the screen then says that the network is needed. */
class NeedsServer extends Error {}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

/** Money compares by its minor units, everything else as it is. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null && "amount_minor" in value
    ? value.amount_minor
    : value;
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [plain(a), plain(b)];
  if (isEmpty(x) || isEmpty(y)) return Number(isEmpty(y)) - Number(isEmpty(x));
  if (typeof x === "number" && typeof y === "number") return x - y;
  return String(x).localeCompare(String(y), "zh-Hans-CN");
}

function holds(leaf: FilterLeaf, row: Row, me: string): boolean {
  if (!(leaf.field in row)) throw new NeedsServer();
  const value = row[leaf.field];
  const wanted = (Array.isArray(leaf.value) ? leaf.value : [leaf.value]).map((one) =>
    one === "me" ? me : one,
  );
  const has = (one: unknown) =>
    Array.isArray(value) ? value.includes(one) : plain(value) === plain(one);
  switch (leaf.op) {
    case "eq":
    case "is":
    case "in":
    case "has_any":
      if (wanted.includes("my_team")) throw new NeedsServer();
      return wanted.some(has);
    case "has_all":
      return wanted.every(has);
    case "ne":
    case "not_in":
      if (wanted.includes("my_team")) throw new NeedsServer();
      return !wanted.some(has);
    case "empty":
      return isEmpty(value);
    case "not_empty":
      return !isEmpty(value);
    case "contains":
      return String(value ?? "")
        .toLowerCase()
        .includes(String(wanted[0]).toLowerCase());
    case "starts_with":
      return String(value ?? "").startsWith(String(wanted[0]));
    case "lt":
      return !isEmpty(value) && compare(value, wanted[0]) < 0;
    case "le":
      return !isEmpty(value) && compare(value, wanted[0]) <= 0;
    case "gt":
      return !isEmpty(value) && compare(value, wanted[0]) > 0;
    case "ge":
      return !isEmpty(value) && compare(value, wanted[0]) >= 0;
    case "between":
      return !isEmpty(value) && compare(value, wanted[0]) >= 0 && compare(value, wanted[1]) <= 0;
    default:
      throw new NeedsServer();
  }
}

function fits(filter: Filter, row: Row, me: string): boolean {
  if ("and" in filter) return filter.and.every((part) => fits(part, row, me));
  if ("or" in filter) return filter.or.some((part) => fits(part, row, me));
  if ("not" in filter) return !fits(filter.not, row, me);
  if ("has" in filter) throw new NeedsServer();
  return holds(filter, row, me);
}

/** The question of a list, answered from the rows that are here; undefined when only the server can answer it. */
export function select(rows: Rows, query: Query, me: string): Page | undefined {
  const filter = query.filter ? (JSON.parse(String(query.filter)) as Filter | null) : null;
  const text = String(query.q ?? "").toLowerCase();
  let found: Rows;
  try {
    found = rows.filter(
      ({ row }) =>
        (!filter || fits(filter, row, me)) &&
        (!text ||
          Object.values(row).some(
            (value) => typeof value === "string" && value.toLowerCase().includes(text),
          )),
    );
  } catch (error) {
    if (error instanceof NeedsServer) return undefined;
    throw error;
  }
  const sorts = String(query.sort ?? "")
    .split(",")
    .filter(Boolean);
  found.sort((a, b) => {
    for (const sort of sorts) {
      const field = sort.replace("-", "");
      const order = compare(a.row[field], b.row[field]) * (sort.startsWith("-") ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  });
  const page = Number(query.page) || 1;
  const page_size = Number(query.page_size) || 50;
  const shown = found.slice((page - 1) * page_size, page * page_size);
  return {
    rows: shown.map(({ row }) => row),
    labels: Object.assign({}, ...shown.map(({ labels }) => labels)),
    total: { count: found.length, exact: true },
    page,
    page_size,
  };
}
