import { useMemo } from "react";
import { usePreference } from "@/shared/ui/usePreference";
import type { Tile } from "../figures";
import type { Dashboard } from "../saved";

export type Keyed = { key: string; tile: Tile };

type Draft = { id: string; version: number; tiles: Keyed[] };

/** The tiles as they are being arranged; kept in this browser until they are saved or given up. */
export function useDraft(dashboard: Dashboard) {
  const [draft, setDraft] = usePreference<Draft | null>("dashboard.draft", null);
  const { id, version } = dashboard;
  const stored = useMemo(
    () => dashboard.tiles.map((tile, index) => ({ key: `${id}-${index}`, tile })),
    [dashboard.tiles, id],
  );
  // One of another version would undo what somebody else has saved since.
  const kept = draft && draft.id === id && draft.version === version ? draft.tiles : undefined;
  return {
    tiles: kept ?? stored,
    isChanged: kept !== undefined,
    set: (tiles: Keyed[]) => setDraft({ id, version, tiles }),
    forget: () => setDraft(undefined),
  };
}
