import type { Me } from "@/api/types";

/** The filter of the records whose `field` is this person, as a query carries it. */
export const mine = (field: string, me: Me) =>
  JSON.stringify({ field, op: "in", value: [me.person.id] });
