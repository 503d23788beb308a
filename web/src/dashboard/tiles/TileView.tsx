import { useTranslation } from "react-i18next";
import { type Look, periodOf, questionsOf, type Tile } from "../figures";
import { periodName } from "../period";
import { useMetrics } from "../useMetrics";
import type { Slicers } from "../useSlicers";
import { ChartTile } from "./ChartTile";
import { CohortTile } from "./CohortTile";
import { FunnelTile } from "./FunnelTile";
import { HeatMapTile } from "./HeatMapTile";
import { LeaderboardTile } from "./LeaderboardTile";
import { NumberTile } from "./NumberTile";
import { PanelTile } from "./PanelTile";
import { TableTile } from "./TableTile";
import { TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

/** What a tile is called: by its own title, else by what it shows. */
export function useTileTitle() {
  const { t } = useTranslation("dashboard");
  const metrics = useMetrics();
  return (tile: Tile) => {
    if (tile.title) return tile.title;
    if (tile.kind === "panel") return t(`dashboard:panels.${tile.panel}`);
    if (tile.kind === "funnel" || tile.kind === "cohort") return t(`dashboard:${tile.kind}.title`);
    const names = (tile.metrics ?? []).map((code) => metrics.nameOf(code));
    const many = names.length > 3;
    const what = many ? t("dashboard:metrics") : names.join(t("dashboard:and"));
    const by = tile.kind === "leaderboard" ? (tile.by ?? "person") : tile.by;
    return by ? t("dashboard:title_by", { what, by: t(`dashboard:by.${by}`) }) : what;
  };
}

type Props = { tile: Tile; look: Look; slicers?: Slicers };

/** A tile as its kind is drawn. */
export function TileView({ tile, look, slicers }: Props) {
  const { t, i18n } = useTranslation("dashboard");
  const titleOf = useTileTitle();
  const metrics = useMetrics();
  const title = titleOf(tile);
  const [question] = questionsOf(tile, look);
  const isOwn = tile.length && periodOf(tile, look) !== look.period && !question?.periods;
  const note = isOwn ? periodName(periodOf(tile, look), i18n.language, t) : undefined;
  const off = tile.metrics?.find((code) => metrics.isKnown && !metrics.isActive(code));
  const given = { tile, title, note, look, slicers };
  if (off) {
    return (
      <TileFrame tile={tile} title={title}>
        <p className={styles.none}>{t("dashboard:metric_off", { metric: metrics.nameOf(off) })}</p>
      </TileFrame>
    );
  }
  switch (tile.kind) {
    case "number":
      return (
        <TileFrame tile={tile} title={title} note={note} question={question}>
          <NumberTile tile={tile} look={look} />
        </TileFrame>
      );
    case "line":
    case "bar":
      return <ChartTile {...given} />;
    case "table":
      return <TableTile {...given} />;
    case "leaderboard":
      return <LeaderboardTile {...given} />;
    case "funnel":
      return <FunnelTile {...given} />;
    case "heat_map":
      return <HeatMapTile {...given} />;
    case "cohort":
      return <CohortTile {...given} />;
    default:
      return <PanelTile tile={tile} look={look} />;
  }
}
