/** Shapes that hold for every resource; which fields a resource has comes from `/api/meta` at run time. */

export type Money = { amount_minor: number; currency: string };

export type Labels = Record<string, string>;

/** A text in both languages, as custom fields and configured names carry it. */
export type Translated = Partial<Record<Language, string>>;

export type Language = "zh-CN" | "en";

/** A record, flat: all fields that the person may read, plus what every record has. */
export type Row = {
  id: string;
  version: number;
  created_at: string;
  created_by: string | null;
  updated_at: string;
  updated_by: string | null;
  /** What the person may do with this record. */
  can: string[];
  /** Names of fields whose value comes masked. */
  masked?: string[];
  /** Whether the person is told of changes to this record. */
  following?: boolean;
  labels?: Labels;
  [field: string]: unknown;
};

export type FieldType =
  | "text"
  | "long_text"
  | "integer"
  | "number"
  | "money"
  | "day"
  | "instant"
  | "choice"
  | "multi_choice"
  | "reference"
  | "references"
  | "bool"
  | "region"
  | "industry"
  | "email"
  | "phone"
  | "url"
  | "tags"
  | "json";

export type Choice = { code: string; label?: Translated };

export type Field = {
  name: string;
  type: FieldType;
  required: boolean;
  read_only: boolean;
  unique?: boolean;
  searchable?: boolean;
  sensitive?: boolean;
  custom?: boolean;
  in_list?: boolean;
  sortable?: boolean;
  filterable?: boolean;
  max_length?: number;
  /** What a new record has when nothing is said. */
  default?: unknown;
  /** Every record has it; nobody edits it. */
  system?: boolean;
  choices?: Choice[];
  /** The resource that a reference points to. */
  reference?: string;
  label?: Translated;
  group?: string;
};

export type FilterLeaf = { field: string; op: string; value?: unknown };
export type Filter =
  | { and: Filter[] }
  | { or: Filter[] }
  | { not: Filter }
  /** Records that have such a row beside them, for instance an entry into a stage. */
  | { has: string; with?: Filter }
  | FilterLeaf;

export type View = {
  id?: string;
  name: string;
  label?: Translated;
  filter?: Filter | null;
  sort?: string | null;
  columns?: string[] | null;
  shared?: "me" | "team" | "all";
  owner_id?: string;
  version?: number;
  can?: string[];
};

export type Resource = {
  name: string;
  label_field: string;
  /** What the person may do with the resource as a whole. */
  actions: string[];
  default_sort?: string;
  fields: Field[];
  views: View[];
};

export type Meta = { currency: string; company_name: string; today: string; resources: Resource[] };

export type Total = { count: number; exact: boolean };

export type Page = { rows: Row[]; labels: Labels; total: Total; page: number; page_size: number };

export type Me = {
  person: {
    id: string;
    name: string;
    email: string | null;
    mobile: string | null;
    title: string | null;
    team_id: string | null;
    team_name: string | null;
    language: Language;
    time_zone: string;
  };
  roles: { id: string; name: string }[];
  is_admin: boolean;
  can: Record<string, string[]>;
  preview: { by_id: string; by_name: string } | null;
  unread_notifications: number;
  company_name: string;
  currency: string;
};

export type ProblemItem = {
  pointer: string;
  code: string;
  params?: Record<string, unknown>;
  message?: string;
};

export type Problem = {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  request_id?: string;
  errors?: ProblemItem[];
  params?: Record<string, unknown>;
};

export type FieldChange = { field: string; before: unknown; after: unknown };

export type LedgerEntry = {
  seq: number;
  at: string;
  actor_id: string | null;
  source: string;
  action: string;
  changes: FieldChange[];
  batch: string;
  can_undo: boolean;
};

export type Attachment = {
  id: string;
  name: string;
  size: number;
  content_type: string;
  created_at?: string;
  created_by?: string | null;
  can?: string[];
};

export type Comment = {
  id: string;
  body: string;
  mentions: string[];
  version: number;
  can?: string[];
  edited_at?: string | null;
};

/** An entry of a record's timeline; `kind` says which of the optional parts is there. */
export type TimelineEntry = {
  kind: string;
  at: string;
  actor_id: string | null;
  /** Of what the ledger has; activities have none. */
  seq?: number;
} & Partial<Omit<LedgerEntry, "seq" | "at" | "actor_id">> & {
    /** The record that it happened to, when it is another one that belongs to this one. */
    resource?: string;
    record_id?: string;
    /** The name of that other record. */
    label?: string;
    /** What an act that changes no field is about, for instance the person it was shared with. */
    about?: { person_id?: string };
    comment?: Comment;
    attachment?: Attachment;
    /** What was done or planned with the record, when the entry is of that kind. */
    activity?: Row;
  };

/** A node of the national divisions or of the industry classification. */
export type CodeNode = { code: string; name: string; name_en?: string; children?: CodeNode[] };

export type Viewer = {
  person_id: string;
  name: string;
  team_name: string | null;
  right: "read" | "edit";
  why: { kind: "owner" | "role" | "shared"; role?: string; scope?: string }[];
};

export type Notification = {
  id: string;
  kind: string;
  at: string;
  resource: string | null;
  record_id: string | null;
  text: string;
  actor_id: string | null;
  read: boolean;
};

export type SearchGroup = {
  resource: string;
  hits: { id: string; label: string; detail?: string | null }[];
};

export type Change = { resource: string; id: string; action: string; version: number };
