import { Segmented, Select } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { TableSkeleton } from "@/shared/resource/list/TableSkeleton";
import { ResourceList } from "@/shared/resource/ResourceList";
import { useAddress } from "@/shared/ui/useAddress";
import styles from "./opportunities.module.css";
import { useProcesses } from "./stages/stages";

const Board = lazy(() => import("./board/Board").then((module) => ({ default: module.Board })));
const CloseCalendar = lazy(() =>
  import("./calendar/CloseCalendar").then((module) => ({ default: module.CloseCalendar })),
);
const FunnelView = lazy(() =>
  import("./FunnelView").then((module) => ({ default: module.FunnelView })),
);
const StuckList = lazy(() =>
  import("./StuckList").then((module) => ({ default: module.StuckList })),
);

const shows = ["board", "list", "funnel", "calendar", "stuck"] as const;
type Show = (typeof shows)[number];

/** The opportunities in the five ways of looking at them; filter, view and search are the same for all. */
export function OpportunitiesPage() {
  const { t } = useTranslation("opportunities");
  const location = useLocation();
  const [search, setAddress] = useAddress();
  const show = shows.find((entry) => entry === search.get("show"));
  if (!show) {
    // A link to certain records, from a figure or another record, means the list of them.
    const next = new URLSearchParams(search);
    next.set("show", search.has("f") ? "list" : "board");
    return <Navigate to={{ ...location, search: next.toString() }} replace />;
  }
  const set = (name: string, value: string | null) => setAddress({ [name]: value, page: null });
  const processId = search.get("process") ?? undefined;
  const tools = (
    <div className={styles.tools}>
      <Segmented<Show>
        aria-label={t("opportunities:show.title")}
        value={show}
        onChange={(next) => set("show", next)}
        options={shows.map((entry) => ({ value: entry, label: t(`opportunities:show.${entry}`) }))}
      />
      {show === "board" || show === "funnel" ? (
        <ProcessPicker value={processId} onChange={(next) => set("process", next)} />
      ) : null}
    </div>
  );
  return (
    <ResourceList
      resource="opportunities"
      tools={tools}
      body={
        show === "list"
          ? undefined
          : (state) => (
              <Suspense fallback={<TableSkeleton columns={5} />}>
                {show === "board" ? <Board state={state} processId={processId} /> : null}
                {show === "funnel" ? <FunnelView state={state} processId={processId} /> : null}
                {show === "calendar" ? <CloseCalendar state={state} /> : null}
                {show === "stuck" ? <StuckList state={state} /> : null}
              </Suspense>
            )
      }
    />
  );
}

function ProcessPicker({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string) => void;
}) {
  const { t } = useTranslation("opportunities");
  const processes = useProcesses() ?? [];
  if (processes.length < 2) return null;
  return (
    <Select
      aria-label={t("opportunities:fields.process_id")}
      value={value ?? processes[0]?.id}
      popupMatchSelectWidth={false}
      onChange={onChange}
      options={processes.map((process) => ({ value: process.id, label: process.name }))}
    />
  );
}
