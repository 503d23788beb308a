import { useMemo } from "react";
import { useMe, useMeta } from "@/api/queries";
import { type NavEntry, useFeatures } from "@/shared/features";

/** The navigation entries that this person may open, in the order of the features. */
export function useNavEntries(): NavEntry[] {
  const me = useMe();
  const meta = useMeta();
  const features = useFeatures();
  return useMemo(
    () =>
      features
        .flatMap((feature) => feature.nav ?? [])
        .filter((entry) => entry.isVisible?.(me, meta) ?? true),
    [features, me, meta],
  );
}
