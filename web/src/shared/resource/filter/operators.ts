import type { FieldType } from "@/api/types";

const text = ["contains", "eq", "ne", "starts_with", "empty", "not_empty"];
const ordered = ["eq", "ne", "gt", "ge", "lt", "le", "between", "empty", "not_empty"];
const time = ["during", "between", "lt", "ge", "empty", "not_empty"];
const chosen = ["in", "not_in", "empty", "not_empty"];
const several = ["has_any", "has_all", "empty", "not_empty"];

const byType: Record<FieldType, string[]> = {
  text,
  long_text: text,
  email: text,
  phone: text,
  url: text,
  integer: ordered,
  number: ordered,
  money: ordered,
  day: time,
  instant: time,
  choice: chosen,
  reference: chosen,
  region: chosen,
  industry: chosen,
  multi_choice: several,
  references: several,
  tags: several,
  bool: ["is"],
  json: ["empty", "not_empty"],
};

/** The operators of a field, the commonest first. */
export const operatorsOf = (type: FieldType): string[] => byType[type] ?? text;

/** Spans of time relative to today. */
export const spans = [
  "today",
  "yesterday",
  "tomorrow",
  "past",
  "this_week",
  "last_week",
  "next_week",
  "this_month",
  "last_month",
  "next_month",
  "this_quarter",
  "last_quarter",
  "next_quarter",
  "this_year",
  "last_year",
  "next_year",
] as const;
