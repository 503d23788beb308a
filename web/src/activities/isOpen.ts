import type { Row } from "@/api/types";

/** Still to be done, whether at its first time or at another. */
export const isOpen = (row: Row) => row.state === "planned" || row.state === "moved";
