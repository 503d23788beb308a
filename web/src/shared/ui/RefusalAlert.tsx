import { Alert } from "antd";
import type { ProblemError } from "@/api/request";
import { useProblems } from "./problems";

/** Says above a form why it was refused, each reason once. */
export function RefusalAlert({ error }: { error: ProblemError | undefined }) {
  const problems = useProblems();
  if (!error) return null;
  const reasons = new Set([problems.text(error), ...problems.sort(error, []).others]);
  return <Alert type="error" showIcon role="alert" title={[...reasons].join(" ")} />;
}
