import { keys, queryClient } from "@/api/queries";
import { type Answer, api } from "@/api/request";
import type { Row, Schemas } from "@/api/types";

export type Advance = Schemas["Advance"];
export type Close = Schemas["Close"];
export type Reopen = Schemas["Reopen"];

const verb = (name: string) => (row: Row, body: unknown) =>
  api.post<Row>(`/opportunities/${row.id}/${name}`, body, { ifMatch: row.version });

export const advance: (row: Row, body: Advance) => Promise<Answer<Row>> = verb("advance");
export const close: (row: Row, body: Close) => Promise<Answer<Row>> = verb("close");
export const reopen: (row: Row, body: Reopen) => Promise<Answer<Row>> = verb("reopen");

/** Asks again for everything on screen that shows the opportunity; answers when it is there. */
export async function refreshOpportunity(id: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: keys.lists("opportunities") }),
    queryClient.invalidateQueries({ queryKey: keys.record("opportunities", id) }),
    queryClient.invalidateQueries({ queryKey: ["dashboard"] }),
  ]);
}
