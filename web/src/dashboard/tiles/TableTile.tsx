import { useTranslation } from "react-i18next";
import figureStyles from "@/shared/figures/figures.module.css";
import { Bar } from "@/shared/ui/Bar";
import {
  type Figures,
  type Look,
  type Question,
  questionsOf,
  type Tile,
  useFiguresBy,
} from "../figures";
import { useBreakdown } from "../useBreakdown";
import type { Slicers } from "../useSlicers";
import { Change } from "./Change";
import { FigureButton } from "./FigureButton";
import { FigureTable } from "./FigureTable";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

type Props = { tile: Tile; title: string; note?: string; look: Look; slicers?: Slicers };

/** Metrics beside each other: of everybody with their changes, or of what a breakdown tells apart. */
export function TableTile({ tile, title, note, look, slicers }: Props) {
  const { t } = useTranslation("dashboard");
  const [asked = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const { figures, question } = useFiguresBy(asked);
  const breakdown = useBreakdown(tile.by ?? undefined, slicers);
  const { data } = figures;
  const lines = data && tile.by ? breakdown.linesOf(data) : [];
  return (
    <TileFrame tile={tile} title={title} note={note} question={question}>
      {figures.isError ? (
        <Failed figures={figures} />
      ) : !data ? (
        <div className={styles.waiting}>
          {["a", "b", "c", "d", "e"].map((line) => (
            <Bar key={line} />
          ))}
        </div>
      ) : !tile.by ? (
        <Plain data={data} question={question} />
      ) : lines.length === 0 ? (
        <p className={styles.none}>{t("dashboard:nothing")}</p>
      ) : (
        <div className={styles.scroll}>
          <FigureTable
            head={t(`dashboard:by.${tile.by}`)}
            metrics={data.metrics}
            lines={lines}
            question={question}
            canSort
          />
        </div>
      )}
    </TileFrame>
  );
}

function Plain({ data, question }: { data: Figures; question: Question }) {
  const { t } = useTranslation("dashboard");
  return (
    <div className={styles.scroll}>
      <table className={`${figureStyles.table} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t("dashboard:metric")}</th>
            <th scope="col">{t("dashboard:value")}</th>
            <th scope="col">{t("dashboard:compare.title")}</th>
          </tr>
        </thead>
        <tbody>
          {data.metrics.map((metric) => {
            const row = data.rows.find((entry) => entry.metric === metric.code);
            return (
              <tr key={metric.code}>
                <th scope="row">{metric.name}</th>
                <td>
                  {row ? <FigureButton row={row} metric={metric} question={question} /> : "—"}
                </td>
                <td>
                  {row?.compared?.map((compared) => (
                    <Change key={compared.with} compared={compared} metric={metric} />
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
