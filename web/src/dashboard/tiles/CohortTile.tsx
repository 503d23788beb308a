import { useTranslation } from "react-i18next";
import { Bar } from "@/shared/ui/Bar";
import { conversions, type Look, levels, questionsOf, type Tile, useFigures } from "../figures";
import { periodName } from "../period";
import { useFigureText } from "../useFigureText";
import { FigureButton } from "./FigureButton";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

type Props = { tile: Tile; title: string; note?: string; look: Look };

/** Of the customers that reached a level in each month, the share that has come to the next one by now. */
export function CohortTile({ tile, title, note, look }: Props) {
  const { t, i18n } = useTranslation(["dashboard", "customers"]);
  const text = useFigureText();
  const [question = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const figures = useFigures(question);
  const { data } = figures;
  const rowOf = (period: string, code: string) =>
    data?.rows.find((row) => row.period === period && row.metric === code);
  const levelName = (index: number) => t(`customers:choices.funnel_level.${levels[index]}`);
  return (
    <TileFrame tile={tile} title={title} note={note} question={question}>
      {figures.isError ? (
        <Failed figures={figures} />
      ) : !data ? (
        <div className={styles.waiting}>
          {["a", "b", "c", "d", "e", "f"].map((line) => (
            <Bar key={line} />
          ))}
        </div>
      ) : (
        <>
          <div className={styles.scroll}>
            <table className={styles.cohort}>
              <thead>
                <tr>
                  <th scope="col">{t("dashboard:month")}</th>
                  {conversions.map((code, index) => (
                    <th key={code} scope="col">
                      {levelName(index)} → {levelName(index + 1)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.periods.map(({ period }) => {
                  const month = periodName(period, i18n.language, t, true);
                  return (
                    <tr key={period}>
                      <th scope="row">{month}</th>
                      {conversions.map((code, index) => {
                        const row = rowOf(period, code);
                        const metric = data.metrics.find((entry) => entry.code === code);
                        const began = rowOf(period, `customers_${levels[index]}`)?.value ?? 0;
                        const value = row?.value ?? null;
                        return (
                          <td key={code}>
                            {row && metric && value !== null ? (
                              <span
                                style={{ "--heat": `${Math.round(4 + value * 46)}%` } as object}
                              >
                                <FigureButton
                                  row={row}
                                  metric={metric}
                                  question={question}
                                  whose={month}
                                />
                                <small>{t("dashboard:cohort.of", { count: began })}</small>
                              </span>
                            ) : (
                              <span data-none>{text.short(null, "ratio")}</span>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          <p className={styles.note}>{t("dashboard:cohort.text")}</p>
        </>
      )}
    </TileFrame>
  );
}
