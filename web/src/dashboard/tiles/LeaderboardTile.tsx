import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { Bar } from "@/shared/ui/Bar";
import { type FigureRow, type Look, questionsOf, type Tile, useFigures } from "../figures";
import { useBreakdown } from "../useBreakdown";
import { useFigureText } from "../useFigureText";
import type { Slicers } from "../useSlicers";
import { FigureButton } from "./FigureButton";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

/** Places that are shown; beyond, one's own. */
const places = 8;

type Props = { tile: Tile; title: string; note?: string; look: Look; slicers?: Slicers };

/** Who has the most, the median between them, and one's own place. */
export function LeaderboardTile({ tile, title, note, look, slicers }: Props) {
  const { t } = useTranslation("dashboard");
  const text = useFigureText();
  const me = useMe();
  const [question = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const by = question.by ?? "person";
  const figures = useFigures(question);
  const breakdown = useBreakdown(by, slicers);
  const metric = figures.data?.metrics[0];
  const ranked = (figures.data?.rows ?? [])
    .filter((row) => row.rank)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  const first = ranked.slice(0, places);
  const mine = ranked.find((row) => row.key === me.person.id);
  const shown = mine && !first.includes(mine) ? [...first, mine] : first;
  const most = Math.max(...ranked.map((row) => Math.abs(row.value ?? 0)), Number.MIN_VALUE);
  const peers = figures.data?.peers[0];
  const lineOf = (row: FigureRow) => {
    const name = breakdown.nameOf(row.key, figures.data?.labels ?? {});
    const pick = breakdown.pick(row.key);
    return (
      <tr key={row.key} data-me={row.key === me.person.id || undefined}>
        <td>{row.rank}</td>
        <th scope="row">
          {pick ? (
            <button type="button" onClick={pick}>
              {name}
            </button>
          ) : (
            name
          )}
        </th>
        <td className={styles.place}>
          <span style={{ width: `${(Math.abs(row.value ?? 0) / most) * 100}%` }} />
        </td>
        <td>
          {metric ? (
            <FigureButton row={row} metric={metric} question={question} whose={name} />
          ) : null}
        </td>
      </tr>
    );
  };
  return (
    <TileFrame tile={tile} title={title} note={note} question={question}>
      {figures.isError ? (
        <Failed figures={figures} />
      ) : !metric ? (
        <div className={styles.waiting}>
          {["a", "b", "c", "d", "e", "f"].map((line) => (
            <Bar key={line} />
          ))}
        </div>
      ) : shown.length === 0 ? (
        <p className={styles.none}>{t("dashboard:nothing")}</p>
      ) : (
        <>
          <table className={styles.board}>
            <thead className="visually-hidden">
              <tr>
                <th scope="col">{t("dashboard:rank")}</th>
                <th scope="col">{t(`dashboard:by.${by}`)}</th>
                <th scope="col">{t("dashboard:share")}</th>
                <th scope="col">{metric.name}</th>
              </tr>
            </thead>
            <tbody>{shown.map(lineOf)}</tbody>
          </table>
          {peers && peers.count > 1 ? (
            <p className={styles.note}>
              {t("dashboard:peers", {
                count: peers.count,
                mean: text.short(peers.mean, metric.unit === "count" ? "number" : metric.unit),
                median: text.short(peers.median, metric.unit === "count" ? "number" : metric.unit),
              })}
            </p>
          ) : null}
        </>
      )}
    </TileFrame>
  );
}
