import { useTranslation } from "react-i18next";
import { dateFormat } from "@/shared/format/formatters";
import { Bar } from "@/shared/ui/Bar";
import {
  daysShown,
  type FigureRow,
  type Look,
  periodOf,
  questionsOf,
  type Tile,
  useFigures,
} from "../figures";
import { weekdayOf } from "../period";
import { useBreakdown } from "../useBreakdown";
import { useFigureText } from "../useFigureText";
import type { Slicers } from "../useSlicers";
import { FigureButton } from "./FigureButton";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

/** Beyond so many people the teams stand for theirs; a team is opened by its name. */
const people_max = 40;

type Props = { tile: Tile; title: string; note?: string; look: Look; slicers?: Slicers };

/** What each person did on each day; the darker, the more. */
export function HeatMapTile({ tile, title, note, look, slicers }: Props) {
  const { t, i18n } = useTranslation("dashboard");
  const text = useFigureText();
  const [whole = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const people = useFigures(whole);
  const { last, count } = daysShown(periodOf(tile, look), look);
  const by = (people.data?.rows.length ?? 0) > people_max ? "team" : "person";
  const question = { ...whole, by: by as "team" | "person", period: last, periods: count };
  const daily = useFigures(question, people.data !== undefined);
  const breakdown = useBreakdown(by, slicers);
  const failed = people.isError ? people : daily.isError ? daily : undefined;
  const data = daily.data;
  const metric = data?.metrics[0];
  const cells = new Map<string, Map<string, FigureRow>>();
  for (const row of data?.rows ?? []) {
    const days = cells.get(row.key ?? "") ?? new Map<string, FigureRow>();
    cells.set(row.key ?? "", days.set(row.period, row));
  }
  const sumOf = (key: string) =>
    [...(cells.get(key)?.values() ?? [])].reduce((sum, row) => sum + (row.value ?? 0), 0);
  const keys = [...cells.keys()].sort((one, other) => sumOf(other) - sumOf(one));
  const most = Math.max(1, ...(data?.rows.map((row) => row.value ?? 0) ?? []));
  return (
    <TileFrame tile={tile} title={title} note={note} question={question}>
      {failed ? (
        <Failed figures={failed} />
      ) : !data || !metric ? (
        <div className={styles.waiting}>
          {["a", "b", "c", "d", "e", "f"].map((line) => (
            <Bar key={line} />
          ))}
        </div>
      ) : keys.length === 0 ? (
        <p className={styles.none}>{t("dashboard:nothing")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard
        <section className={styles.scroll} tabIndex={0} aria-label={title}>
          <table className={styles.heat}>
            <thead>
              <tr>
                <th scope="col">{t(`dashboard:by.${by}`)}</th>
                {data.periods.map(({ period, working_days }) => (
                  <th key={period} scope="col" data-rest={working_days === 0 || undefined}>
                    <small>
                      {dateFormat(i18n.language, { timeZone: "UTC", weekday: "narrow" }).format(
                        new Date(`2026-02-0${weekdayOf(period) + 1}T00:00:00Z`),
                      )}
                    </small>
                    {Number(period.slice(8))}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => {
                const name = breakdown.nameOf(key, data.labels);
                const pick = breakdown.pick(key);
                return (
                  <tr key={key}>
                    <th scope="row">
                      {pick ? (
                        <button type="button" onClick={pick}>
                          {name}
                        </button>
                      ) : (
                        name
                      )}
                    </th>
                    {data.periods.map(({ period, working_days }) => {
                      const row = cells.get(key)?.get(period);
                      const value = row?.value ?? 0;
                      return (
                        <td key={period} data-rest={working_days === 0 || undefined}>
                          {row && value !== 0 ? (
                            <span
                              style={
                                { "--heat": `${Math.round(8 + (value / most) * 42)}%` } as object
                              }
                              title={`${name} ${period}: ${text.exact(value, metric.unit)}`}
                            >
                              <FigureButton
                                row={row}
                                metric={metric}
                                question={question}
                                whose={`${name} ${period}`}
                              />
                            </span>
                          ) : null}
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </TileFrame>
  );
}
