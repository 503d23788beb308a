import type { Field, Filter, FilterLeaf, Resource } from "@/api/types";

/** A filter as the builder edits it: conditions joined by "and" or by "or", with groups inside. */
export type Group = {
  key: number;
  join: "and" | "or";
  negated: boolean;
  items: Item[];
};
/** A part that comes from a figure and that the builder keeps as it is. */
export type Fixed = { key: number; fixed: Filter };
export type Item = Group | Condition | Fixed;
export type Condition = { key: number; field: string; op: string; value: unknown };

let last = 0;
const nextKey = () => ++last;

export const isGroup = (item: Item): item is Group => "items" in item;
export const isFixed = (item: Item): item is Fixed => "fixed" in item;

export const newGroup = (join: "and" | "or" = "and"): Group => ({
  key: nextKey(),
  join,
  negated: false,
  items: [],
});

export const newCondition = (field: string, op: string): Condition => ({
  key: nextKey(),
  field,
  op,
  value: undefined,
});

function itemOf(filter: Filter): Item {
  if ("has" in filter) return { key: nextKey(), fixed: filter };
  if ("field" in filter)
    return { key: nextKey(), field: filter.field, op: filter.op, value: filter.value };
  return groupOf(filter);
}

export function groupOf(filter: Filter | null | undefined): Group {
  if (!filter) return newGroup();
  if ("and" in filter) return { ...newGroup("and"), items: filter.and.map(itemOf) };
  if ("or" in filter) return { ...newGroup("or"), items: filter.or.map(itemOf) };
  if ("not" in filter) {
    const inner = groupOf(filter.not);
    return { ...inner, negated: !inner.negated };
  }
  return { ...newGroup(), items: [itemOf(filter)] };
}

const needsValue = (op: string) => op !== "empty" && op !== "not_empty";

function isComplete(condition: Condition): boolean {
  if (!needsValue(condition.op)) return true;
  const { value } = condition;
  if (condition.op === "between") {
    return (
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((end) => end !== null && end !== undefined)
    );
  }
  return Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== null && value !== "";
}

/** The filter that the group says; conditions that aren't finished and empty groups are left out. */
export function filterOf(group: Group): Filter | null {
  const parts = group.items.flatMap((item): Filter[] => {
    if (isGroup(item)) {
      const inner = filterOf(item);
      return inner ? [inner] : [];
    }
    if (isFixed(item)) return [item.fixed];
    if (!isComplete(item)) return [];
    const leaf: FilterLeaf = { field: item.field, op: item.op as FilterLeaf["op"] };
    if (needsValue(item.op)) leaf.value = item.value;
    return [leaf];
  });
  if (parts.length === 0) return null;
  const first = parts[0];
  const joined =
    parts.length === 1 && first ? first : group.join === "and" ? { and: parts } : { or: parts };
  return group.negated ? { not: joined } : joined;
}

/** Number of conditions, however deep. */
export function countOf(filter: Filter | null): number {
  if (!filter) return 0;
  if ("and" in filter) return filter.and.reduce((sum, part) => sum + countOf(part), 0);
  if ("or" in filter) return filter.or.reduce((sum, part) => sum + countOf(part), 0);
  if ("not" in filter) return countOf(filter.not);
  return 1;
}

export type FieldPath = { path: string; resource: string; field: Field; through?: Field };

/** The fields that can be filtered: the resource's own, and one step through its references. */
export function filterableFields(description: Resource, all: Resource[]): FieldPath[] {
  const own = description.fields.filter((field) => field.filterable !== false);
  const direct = own.map((field) => ({ path: field.name, resource: description.name, field }));
  const through = own
    .filter((field) => field.type === "reference" && field.reference !== description.name)
    .flatMap((reference) => {
      const target = all.find((resource) => resource.name === reference.reference);
      if (!target || ["created_by", "updated_by"].includes(reference.name)) return [];
      return target.fields
        .filter(
          (field) =>
            field.filterable !== false &&
            !/^(id|version|(created|updated)_(at|by))$/.test(field.name),
        )
        .map((field) => ({
          path: `${reference.name}.${field.name}`,
          resource: target.name,
          field,
          through: reference,
        }));
    });
  return [...direct.filter(({ field }) => !["id", "version"].includes(field.name)), ...through];
}
