import { keys, queryClient, refresh } from "@/api/queries";
import type { Row } from "@/api/types";
import { type Along, type NewWrite, type Outcome, submit } from "@/shared/offline/offline";

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

async function send(write: NewWrite, along?: Along): Promise<Outcome<Row>> {
  const outcome = await submit(write, along);
  refreshActivity(outcome.state === "sent" ? outcome.data : undefined);
  return outcome;
}

const named = (name: unknown) => ({ name: String(name ?? "") });

/** Pictures of an activity, each a write of its own. */
const pictures =
  (photos: File[]): Along =>
  (activity_id) =>
    photos.map((photo) => ({
      path: `/activities/${activity_id}/attachments`,
      files: [photo],
      resource: "activities",
      recordId: activity_id,
      what: { key: "activities:waiting.photo" },
    }));

/** A plan, a task, or a deed that was never planned (`state: "done"` in the values). */
export const addActivity = (values: Values, name: string, photos: File[] = []) =>
  send(
    {
      path: "/activities",
      body: values,
      resource: "activities",
      what: {
        key: values.state === "done" ? "activities:waiting.logged" : "activities:waiting.planned",
        params: named(name),
      },
    },
    pictures(photos),
  );

export const changeActivity = (row: Row, changes: Values) =>
  send({
    method: "PATCH",
    path: `/activities/${row.id}`,
    body: changes,
    ifMatch: row.version,
    resource: "activities",
    recordId: row.id,
    what: { key: "activities:waiting.changed", params: named(row.subject) },
    before: row,
  });

const verb = (row: Row, name: string, body: Values, key: string): NewWrite => ({
  path: `/activities/${row.id}/${name}`,
  body,
  resource: "activities",
  recordId: row.id,
  what: { key, params: named(row.subject) },
  before: row,
});

/** What a deed is about when its plan is no more. */
const about = ["subject", "kind_id", "customer_id", "opportunity_id"] as const;

/**
 * Makes the plan a deed. When another device was faster, the person's own version may become a change of it; when the plan
 * was called off meanwhile, a deed of its own.
 */
export const finishActivity = (row: Row, deed: Values, photos: File[] = []) =>
  send(
    {
      ...verb(row, "finish", deed, "activities:waiting.logged"),
      overwrite: { method: "PATCH", path: `/activities/${row.id}` },
      anew: {
        path: "/activities",
        body: {
          ...Object.fromEntries(about.map((name) => [name, row[name] ?? undefined])),
          state: "done",
        },
      },
    },
    pictures(photos),
  );

/** How far a change of one occurrence reaches in its series. */
export type Scope = "this" | "following" | "all";

/** Calls a plan off; of one that repeats, this one, those after it as well, or all. */
export const cancelActivity = (row: Row, reason: string, scope?: Scope) =>
  send(verb(row, "cancel", { reason, scope }, "activities:waiting.cancelled"));

/** Another time for a plan; of one that repeats, for this one, those after it as well, or all. */
export const moveActivity = (
  row: Row,
  to: { planned_start_at: string; planned_end_at: string },
  scope?: Scope,
) => send(verb(row, "move", { ...to, scope }, "activities:waiting.moved"));

export type Position = {
  position: "located" | "refused" | "unavailable";
  latitude?: number;
  longitude?: number;
  /** Radius in metres within which the device says that it is. */
  accuracy_m?: number;
};

export const checkIn = (row: Row, position: Position) =>
  send(
    verb(
      row,
      "check-in",
      { ...position, device_at: new Date().toISOString() },
      "activities:waiting.checked_in",
    ),
  );

/** Adds pictures to an activity that is there. */
export async function addPhotos(activity_id: string, photos: File[]): Promise<void> {
  for (const picture of pictures(photos)(activity_id)) await submit(picture);
  queryClient.invalidateQueries({ queryKey: keys.record("activities", activity_id) });
}
