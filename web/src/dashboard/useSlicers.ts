import { useFormat } from "@/shared/format/useFormat";
import { useAddress } from "@/shared/ui/useAddress";
import type { Question } from "./api";
import { periodOf, type Span, spans } from "./period";

/** Whose opportunities: everybody's in scope, one's own, one's team's, or one person's by id. */
export type Scope = "all" | "me" | "my_team" | (string & {});

/** What the dashboard is asked for, as it stands in the URL. */
export function useSlicers() {
  const format = useFormat();
  const [search, setAddress] = useAddress();
  const span: Span = spans.find((entry) => entry === search.get("span")) ?? "this_year";
  const scope: Scope = search.get("scope") ?? "all";
  const processId = search.get("process") ?? undefined;
  const set = (name: string, value: string | null) => setAddress({ [name]: value }, true);
  const question: Question = {
    ...periodOf(span, format.today),
    process_id: processId,
    filter:
      scope === "all" ? undefined : JSON.stringify({ field: "owner_id", op: "in", value: [scope] }),
  };
  return { span, scope, processId, question, set };
}
