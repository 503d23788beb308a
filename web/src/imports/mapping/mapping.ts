import type { Column, ColumnMapping, Mapping, Target } from "../api";

export const emptyMapping: Mapping = {
  mode: "create",
  key: null,
  columns: {},
  constants: {},
  skip_bad_rows: false,
  duplicates: "create",
};

/** Required fields that neither a column nor a constant fills; a mere update needs none of them. */
export function missingTargets(mapping: Mapping, targets: Target[]): Target[] {
  if (mapping.mode === "update") return [];
  const filled = new Set([
    ...Object.values(mapping.columns).map((column) => column?.field),
    ...Object.keys(mapping.constants).filter((field) => mapping.constants[field] !== ""),
  ]);
  return targets.filter((target) => target.required && !filled.has(target.field));
}

/** Fields that more than one column claims. */
export function doubled(mapping: Mapping): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const column of Object.values(mapping.columns)) {
    if (!column) continue;
    if (seen.has(column.field)) twice.add(column.field);
    seen.add(column.field);
  }
  return twice;
}

/** The mapping with one column changed; `null` leaves the column out. */
export function withColumn(mapping: Mapping, name: string, column: ColumnMapping | null): Mapping {
  return { ...mapping, columns: { ...mapping.columns, [name]: column } };
}

/** The mapping told that a cell's word means another one. */
export function withMeaning(
  mapping: Mapping,
  column: string,
  said: string,
  meant: string | null,
): Mapping {
  const before = mapping.columns[column];
  if (!before) return mapping;
  const { [said]: _, ...others } = before.values ?? {};
  const values = meant === null ? others : { ...others, [said]: meant };
  return withColumn(mapping, column, { ...before, values });
}

/** Only the parts that fit this file: a kept mapping may know columns that the file doesn't have. */
export function fitting(mapping: Mapping, columns: Column[]): Mapping {
  const names = new Set(columns.map((column) => column.name));
  return {
    ...emptyMapping,
    ...mapping,
    columns: Object.fromEntries(
      Object.entries(mapping.columns ?? {}).filter(([name]) => names.has(name)),
    ),
    constants: mapping.constants ?? {},
  };
}
