import { useTranslation } from "react-i18next";
import type { Filter } from "@/api/types";
import { FunnelBars } from "@/shared/figures/FunnelBars";
import { useFormat } from "@/shared/format/useFormat";
import { TableSkeleton } from "@/shared/resource/list/TableSkeleton";
import type { ListState } from "@/shared/resource/list/useListState";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useBoard } from "./board/useBoard";
import styles from "./opportunities.module.css";
import { useStages } from "./stages/stages";

/** How many opportunities, and how much, stand in each stage of a process right now. */
export function FunnelView({
  state,
  processId,
}: {
  state: ListState;
  processId: string | undefined;
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const board = useBoard({ processId, filter: state.filter, q: state.q });
  const stages = useStages(board.data?.process_id);
  if (board.isError) return <ErrorNotice error={board.error} retry={() => board.refetch()} />;
  if (!board.data || !stages) return <TableSkeleton columns={3} />;
  const recordsOf = (stageId: string) => {
    const inStage: Filter = { field: "stage_id", op: "in", value: [stageId] };
    const filter = state.filter ? { and: [state.filter, inStage] } : inStage;
    return `/opportunities?show=list&f=${encodeURIComponent(JSON.stringify(filter))}`;
  };
  const columns = board.data.columns.filter((column) => column.kind === "open");
  const sum = columns.reduce((total, column) => total + (column.amount?.amount_minor ?? 0), 0);
  const weighted = columns.reduce(
    (total, column) => total + (column.weighted_amount?.amount_minor ?? 0),
    0,
  );
  const currency = columns.find((column) => column.amount)?.amount?.currency;
  return (
    <div className={styles.funnel}>
      <FunnelBars
        caption={t("opportunities:show.funnel")}
        steps={columns.map((column) => ({
          id: column.stage_id,
          name: stages.find((stage) => stage.id === column.stage_id)?.name ?? "",
          count: column.count,
          amount: column.amount,
          to: recordsOf(column.stage_id),
        }))}
      />
      {currency ? (
        <p className={styles.funnelSum}>
          {t("opportunities:funnel.sum", {
            count: columns.reduce((total, column) => total + column.count, 0),
            amount: format.money({ amount_minor: sum, currency }),
            weighted: format.money({ amount_minor: weighted, currency }),
          })}
        </p>
      ) : null}
    </div>
  );
}
