import type { Row } from "@/api/types";

/** What the forms of activities are opened with. */
export type FormProps = {
  /** What is changed or done now; without it, a new one is made. */
  row?: Row;
  initial?: Record<string, unknown>;
  onDone: (saved: Row | undefined, batch: string | null) => void;
  close: () => void;
};

export const idOf = (value: unknown) => (typeof value === "string" && value ? value : null);
export const idsOf = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);
export const textOf = (value: unknown) => (typeof value === "string" ? value : "");
