import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { AgeingBar } from "@/shared/figures/AgeingBar";
import { Panel } from "@/shared/figures/Panel";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { opens, type Question } from "../api";
import { type Look, periodOf, type Tile } from "../figures";
import { LossPanel } from "../LossPanel";
import { PipelinePanel } from "../PipelinePanel";
import { daysOf } from "../period";
import { StagesPanel } from "../StagesPanel";
import { type Team, useTeams } from "../useSlicers";
import styles from "./tiles.module.css";

/** A team with all below it. */
function below(teams: Team[], id: string): string[] {
  const children = teams.filter((team) => team.parent === id);
  return [id, ...children.flatMap((team) => below(teams, team.id))];
}

/** What is asked of the opportunities themselves: the same days, of the same people. */
function useQuestion(tile: Tile, look: Look): Question {
  const teams = useTeams();
  const { team_id, person_id } = look.slice;
  const test = person_id
    ? { field: "owner_id", op: "in", value: [person_id] }
    : team_id
      ? { field: "owner_id.team_id", op: "in", value: below(teams, team_id) }
      : undefined;
  return {
    ...daysOf(periodOf(tile, look), look.fiscalMonth),
    filter: test && JSON.stringify(test),
  };
}

export function PanelTile({ tile, look }: { tile: Tile; look: Look }) {
  const question = useQuestion(tile, look);
  switch (tile.panel) {
    case "stages":
      return <StagesPanel question={question} />;
    case "pipeline":
      return <PipelinePanel question={question} />;
    case "losses":
      return <LossPanel question={question} />;
    default:
      return <ReceivablesPanel />;
  }
}

function ReceivablesPanel() {
  const { t } = useTranslation(["dashboard", "contracts"]);
  const by = "customer";
  const receivables = useQuery({
    queryKey: keys.list("instalments", { ages: by }),
    queryFn: ({ signal }) => api.get<Schemas["Receivables"]>("/receivables", { by }, signal),
  });
  return (
    <Panel
      title={t("dashboard:panels.receivables")}
      tools={<Link to="/receivables">{t("dashboard:to_receivables")}</Link>}
      chart={
        receivables.isError ? (
          <ErrorNotice error={receivables.error} retry={() => receivables.refetch()} />
        ) : receivables.data ? (
          <AgeingBar
            total={receivables.data.total}
            label={t("contracts:receivables.ageing")}
            overdue={t("contracts:receivables.overdue")}
            nameOf={(age) => t(`contracts:receivables.ages.${age}`)}
            opens={(filter) => opens(filter, "instalments")}
          />
        ) : (
          <div className={styles.waiting}>
            <Bar width="30%" />
            <Bar />
            <Bar width="80%" />
          </div>
        )
      }
    />
  );
}
