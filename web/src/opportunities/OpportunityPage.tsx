import { RecordPage } from "@/shared/resource/RecordPage";
import { LinesPanel } from "./lines/LinesPanel";
import { StageBar } from "./stages/StageBar";
import { StageHistory } from "./stages/StageHistory";

/** One opportunity: its way through the stages, its products, and what happened. */
export function OpportunityPage() {
  return (
    <RecordPage
      resource="opportunities"
      banner={(row) => <StageBar key={row.id} row={row} />}
      aside={(row) => (
        <div key={row.id} style={{ display: "grid", gap: "var(--space-5)" }}>
          <LinesPanel row={row} />
          <StageHistory row={row} />
        </div>
      )}
    />
  );
}
