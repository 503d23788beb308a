import { RecordPage } from "@/shared/resource/RecordPage";
import { MatchList } from "./matching/MatchList";
import { PlanPanel } from "./plan/PlanPanel";
import { StateActions } from "./StateActions";

/** One contract: what is to be paid when, what came in, and what happened. */
export function ContractPage() {
  return (
    <RecordPage
      resource="contracts"
      actions={(row) => <StateActions key={row.id} row={row} />}
      aside={(row) => (
        <div key={row.id} style={{ display: "grid", gap: "var(--space-5)" }}>
          <PlanPanel row={row} />
          <MatchList of="contract_id" row={row} />
        </div>
      )}
    />
  );
}
