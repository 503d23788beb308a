import { RecordPage } from "@/shared/resource/RecordPage";
import { PersonActions } from "./PersonActions";

export function PersonPage() {
  return <RecordPage resource="people" actions={(row) => <PersonActions row={row} />} />;
}
