import { type ComponentType, createContext, type ReactNode, useContext } from "react";
import type { RouteObject } from "react-router";
import type { Query } from "@/api/request";
import type { Labels, Me, Meta, Row, TimelineEntry } from "@/api/types";
import type { Saved } from "@/shared/resource/save";
import type { Piece } from "@/shared/ui/piece";

/** What a form's extra slot gets; it renders below the field that names the record. */
export type FormExtraProps = { values: Record<string, unknown>; row: Row | undefined };

/** What an input of its own gets, beside the form's other values. */
export type OwnInputProps = {
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
  values: Record<string, unknown>;
  row?: Row;
};

/** A part of a record with an address of its own, for when the record itself is saved. */
export type FormEnd = {
  /** Asked before anything is saved; what is wrong, the part says by itself, at its place. */
  isReady: () => boolean;
  save: (saved: Row) => Promise<Row>;
};

/** What the end of a form gets: for parts of a record that have their own address, such as product lines. */
export type FormEndProps = {
  row: Row | undefined;
  setValue: (field: string, value: unknown) => void;
  /** Says what is still to be done once the record itself is saved; undefined when nothing is. */
  onSave: (end: FormEnd | undefined) => void;
};

/** What a form of its own gets, in the place of the one that is built from the description. */
export type OwnFormProps = {
  /** The record to edit; without it a new one is made. */
  row?: Row;
  initial?: Record<string, unknown>;
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
};

/** A record as one line of a day, with what can be done about it at once. */
export type LineProps = { row: Row; labels: Labels };

/** What a dialog of a feature gets: whatever it was opened with, and how to close it. */
export type DialogProps = { given: Record<string, unknown>; close: () => void };

/** How a feature shows its own kind of entry on a timeline. */
export type TimelineRowProps = { entry: TimelineEntry; labels: Labels; onChanged: () => void };

/** A part of a record, in what it is part of: the body of a change, or the record as the server has it. */
export type PartProps = { value: unknown; whole: Record<string, unknown> };

/** One way of adding a record: a word of its own and what the form starts with. */
export type QuickAdd = {
  key: string;
  /** Translation key. */
  label: string;
  icon: ReactNode;
  initial: Record<string, unknown>;
};

/** A list of records that refer to this one, shown beside it. */
export type Related = { resource: string; field: string; columns: string[] };

/** How a resource presents itself. Names of fields are those of `/api/meta`; missing ones are skipped. */
export type ResourceUi = {
  resource: string;
  icon: ReactNode;
  /** Sections of the form and of the facts; fields in none of them (custom ones) come last. */
  groups: {
    name: string;
    fields: string[];
    /** Shows only once the record has one of its values, for instance the reason of a loss. */
    whenFilled?: boolean;
    /** Left out of the facts while it is empty; forms always offer it. */
    isRare?: boolean;
  }[];
  /** Columns of the list until the person chooses others. */
  columns: string[];
  /** Widths of columns in px until the person drags them, where the width by type doesn't fit. */
  widths?: Record<string, number>;
  /** Fields beside the name: in the header of the record and on the card of the phone's list. */
  highlights: string[];
  related?: Related[];
  FormExtra?: ComponentType<FormExtraProps>;
  /** Inputs of fields whose choices depend on other fields. */
  inputs?: Record<string, ComponentType<OwnInputProps>>;
  /** Fields that only the form of a new record sets; afterwards a verb of their own changes them. */
  onlyNew?: string[];
  FormEnd?: ComponentType<FormEndProps>;
  /** Fields that explain the change of another one (`{ level_reason: "level" }`): asked only when it changes. */
  reasons?: Record<string, string>;
  /** False for parts of settings that the quick add menu leaves out. */
  quickAdd?: boolean;
  /** Made where the whole is that it is a part of: no list offers a new one by itself. */
  isPart?: boolean;
  /** In the place of the one entry in the quick add menu. */
  quickAdds?: QuickAdd[];
  /** Records on whose timeline the quick adds stand too, and what the new record takes from them. */
  linkedTo?: Record<string, (row: Row) => Record<string, unknown>>;
  /** Shows what no type of field describes, for whoever chooses between two versions of a record. */
  parts?: Record<string, ComponentType<PartProps>>;
  /** What screens say by themselves beside a field (`{ template_version_id: "answers" }`): nobody chooses it alone. */
  beside?: Record<string, string>;
  /** In the place of the form that is built from the description. */
  Form?: ComponentType<OwnFormProps>;
  /** The dialog that asks before this record is deleted, where there is something to ask; else it is deleted at once. */
  deletion?: (row: Row) => string | undefined;
  Line?: Piece<LineProps>;
};

export type NavEntry = {
  /** Translation key of the entry. */
  label: string;
  path: string;
  icon: ReactNode;
  /** Section of the left navigation. */
  section: "work" | "catalogue" | "organisation" | "settings";
  /** Place in the phone's bottom bar, if it has one. */
  phone?: number;
  isVisible?: (me: Me, meta: Meta) => boolean;
  /** Loads the page's code ahead of the first click. */
  preload?: () => Promise<unknown>;
};

/** A page of the settings; its title is `settings:pages.<path>`. */
export type SettingsPage = {
  path: string;
  section: "mine" | "company" | "data";
  isVisible?: (me: Me) => boolean;
  load: () => Promise<ComponentType>;
};

export type Offline = {
  /** Answers whose address begins with one of these are kept on the device once they were seen: `["customers"]`. */
  paths: string[];
  /** Questions asked ahead of need, so that their answers are there. Lists are read to their end, with their records. */
  ahead?: (me: Me) => { path: string; query?: Query }[];
};

/** One of the user's words: its place in the navigation, its pages and its resources. */
export type Feature = {
  name: string;
  nav?: NavEntry[];
  routes?: RouteObject[];
  /** Those made without antd: they open before its code is there. */
  plainRoutes?: RouteObject[];
  resources?: ResourceUi[];
  settings?: SettingsPage[];
  /** Dialogs that pages of other features may open by name: `useDialog()("activities.log", { row })`. */
  dialogs?: Record<string, ComponentType<DialogProps>>;
  /** What of it opens without a network. */
  offline?: Offline;
  /** Entries of timelines by their kind. */
  timeline?: Record<string, ComponentType<TimelineRowProps>>;
};

export const FeaturesContext = createContext<Feature[]>([]);
export const useFeatures = () => useContext(FeaturesContext);

export function useResourceUi(resource: string): ResourceUi | undefined {
  return useFeatures()
    .flatMap((feature) => feature.resources ?? [])
    .find((ui) => ui.resource === resource);
}

/** At `/metrics` the server tells how it fares, so the pages of that resource stand elsewhere. */
const ownPaths: Record<string, string> = { metrics: "/metric_catalogue" };

export const listPath = (resource: string) => ownPaths[resource] ?? `/${resource}`;
export const recordPath = (resource: string, id: string) => `${listPath(resource)}/${id}`;
