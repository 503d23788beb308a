import { Navigate } from "react-router";
import { useMe, useMeta } from "@/api/queries";
import { useFeatures } from "@/shared/features";

/** What opens after sign-in: the first page that the person may see. */
export function Start() {
  const me = useMe();
  const meta = useMeta();
  const first = useFeatures()
    .flatMap((feature) => feature.nav ?? [])
    .find((entry) => entry.isVisible?.(me, meta) ?? true);
  return <Navigate to={first?.path ?? "/me"} replace />;
}
