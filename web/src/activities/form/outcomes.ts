import type { Family } from "../kinds";

/** How it went, as one tap says it. */
export type Verdict = "effective" | "intention" | "appointment" | "not_effective" | "refused";

/** What can be said of a kind of activity, the best first. */
export function verdictsOf(family: Family | undefined): Verdict[] {
  switch (family) {
    case "visit":
    case "return_visit":
      return ["effective", "intention", "not_effective", "refused"];
    case "appointment":
    case "call":
      return ["appointment", "effective", "not_effective", "refused"];
    case "meeting":
    case "event":
      return ["effective", "intention", "not_effective"];
    default:
      return [];
  }
}

/** The fields of the record that stand for a verdict. */
export function fieldsOf(verdict: Verdict | null): Record<string, unknown> {
  if (!verdict) return {};
  return {
    outcome: verdict === "not_effective" || verdict === "refused" ? "not_effective" : "effective",
    intention_reached: verdict === "intention",
    appointment_got: verdict === "appointment",
    is_refused: verdict === "refused",
  };
}

/** The verdict that a record's fields stand for. */
export function verdictOf(row: Record<string, unknown>): Verdict | null {
  if (row.is_refused) return "refused";
  if (row.intention_reached) return "intention";
  if (row.appointment_got) return "appointment";
  return row.outcome === "effective" || row.outcome === "not_effective" ? row.outcome : null;
}
