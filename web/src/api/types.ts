/** Names for the shapes that the server's OpenAPI document describes; `schema.d.ts` is made from it by `make api`. */
import type { components } from "./schema";

export type Schemas = components["schemas"];

export type Language = Schemas["Me"]["person"]["language"];

/** A text in both languages, as custom fields and configured names carry it. */
export type Translated = Schemas["Label"];

export type Money = Schemas["Money"];
export type Labels = Schemas["Labels"];
export type Total = Schemas["Total"];

/** Any record and any list; which fields a resource has comes from `/api/meta` at run time. */
export type Row = Schemas["Row"];
export type Page = Schemas["Page"];

export type Meta = Schemas["Meta"];
export type Resource = Schemas["Resource"];
export type Field = Schemas["ResourceField"];
export type FieldType = Schemas["FieldType"];
export type Choice = Schemas["Choice"];
export type CodeNode = Schemas["CodeNode"];

export type Filter = Schemas["Filter"];
export type FilterLeaf = Schemas["Test"];

/** A tab of a list: one that somebody made and kept, or one that ships with the product. */
export type View = Pick<Schemas["ViewRow"], "name"> & Partial<Schemas["ViewRow"]>;

export type Me = Schemas["Me"];
export type Notification = Schemas["Notification"];
export type SearchGroup = Schemas["SearchGroup"];

export type LedgerEntry = Schemas["EntryRow"];
export type FieldChange = Schemas["FieldChange"];
/** An entry of a record's timeline: what the ledger has, or the activity that happened; `kind` says which. */
export type TimelineEntry = Pick<Schemas["WrittenRow"], "kind" | "at"> &
  Partial<Schemas["WrittenRow"]> & { activity?: Row };
export type Attachment = Schemas["AttachmentRow"];
export type Comment = Schemas["CommentRow"];
export type Viewer = Schemas["Viewer"];

export type ProblemItem = Schemas["FieldProblem"];
/** A refusal. Only what is needed to read one stands here: an answer that never reached the server has no more. */
export type Problem = Pick<Schemas["Problem"], "title" | "status" | "code"> &
  Partial<Schemas["Problem"]>;

/** What the live stream tells of a record; events are not in the document. */
export type Change = { resource: string; id: string; action: string; version: number };
