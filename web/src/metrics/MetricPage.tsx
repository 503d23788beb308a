import type { Row } from "@/api/types";
import { RecordPage } from "@/shared/resource/RecordPage";
import { Thresholds } from "./Thresholds";

const aside = (row: Row) => <Thresholds key="thresholds" metric={row} />;

/** A metric with its formula, and from where on a team's figure is good. */
export function MetricPage() {
  return <RecordPage resource="metrics" aside={aside} />;
}
