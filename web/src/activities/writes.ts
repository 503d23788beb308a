import { keys, queryClient, refresh } from "@/api/queries";
import type { Row } from "@/api/types";
import { type NewWrite, type Outcome, submit } from "@/shared/offline/offline";

type Values = Record<string, unknown>;

/** Says what belongs to the activity anew: itself, Today, and the timelines of those it was with. */
export function refreshActivity(row?: Row): void {
  refresh("activities", row?.id);
  for (const [resource, field] of [
    ["customers", "customer_id"],
    ["opportunities", "opportunity_id"],
  ] as const) {
    const id = row?.[field];
    if (typeof id === "string") {
      queryClient.invalidateQueries({ queryKey: keys.record(resource, id) });
    }
  }
}

async function send(write: NewWrite): Promise<Outcome<Row>> {
  const outcome = await submit(write);
  refreshActivity(outcome.state === "sent" ? outcome.data : undefined);
  return outcome;
}

const named = (name: unknown) => ({ name: String(name ?? "") });

/** A plan, a task, or a deed that was never planned (`state: "done"` in the values). */
export const addActivity = (values: Values, name: string) =>
  send({
    path: "/activities",
    body: values,
    resource: "activities",
    what: {
      key: values.state === "done" ? "activities:waiting.logged" : "activities:waiting.planned",
      params: named(name),
    },
  });

export const changeActivity = (row: Row, changes: Values) =>
  send({
    method: "PATCH",
    path: `/activities/${row.id}`,
    body: changes,
    ifMatch: row.version,
    resource: "activities",
    recordId: row.id,
    what: { key: "activities:waiting.changed", params: named(row.subject) },
  });

const verb = (
  row: Row,
  name: string,
  body: Values,
  key: string,
  overwrite?: NewWrite["overwrite"],
) =>
  send({
    path: `/activities/${row.id}/${name}`,
    body,
    resource: "activities",
    recordId: row.id,
    what: { key, params: named(row.subject) },
    overwrite,
  });

/** Makes the plan a deed; refused when another device was faster. */
export const finishActivity = (row: Row, deed: Values) =>
  verb(row, "finish", deed, "activities:waiting.logged", {
    method: "PATCH",
    path: `/activities/${row.id}`,
  });

export const cancelActivity = (row: Row, reason: string) =>
  verb(row, "cancel", { reason }, "activities:waiting.cancelled");

export type Scope = "this" | "following" | "all";

/** Another time for a plan; of one that repeats, for this one, those after it, or all. */
export const moveActivity = (
  row: Row,
  to: { planned_start_at: string; planned_end_at: string },
  scope?: Scope,
) => verb(row, scope ? `move?scope=${scope}` : "move", to, "activities:waiting.moved");

export type Position = {
  position: "located" | "refused" | "unavailable";
  latitude?: number;
  longitude?: number;
  /** Radius in metres within which the device says that it is. */
  accuracy_m?: number;
};

export const checkIn = (row: Row, position: Position) =>
  verb(
    row,
    "check-in",
    { ...position, device_at: new Date().toISOString() },
    "activities:waiting.checked_in",
  );

/** Adds pictures to an activity that is there, or to one that still waits to be made. */
export async function addPhotos(activity_id: string, photos: File[]): Promise<void> {
  for (const photo of photos) {
    await submit({
      path: `/activities/${activity_id}/attachments`,
      files: [photo],
      resource: "activities",
      recordId: activity_id,
      what: { key: "activities:waiting.photo" },
    });
  }
  queryClient.invalidateQueries({ queryKey: keys.record("activities", activity_id) });
}
