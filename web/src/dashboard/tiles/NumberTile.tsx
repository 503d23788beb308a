import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Bar } from "@/shared/ui/Bar";
import { type Look, questionsOf, type Tile, useFigures } from "../figures";
import { useFigureText } from "../useFigureText";
import { Change } from "./Change";
import { FigureButton } from "./FigureButton";
import { Sparkline } from "./Sparkline";
import { Failed } from "./TileFrame";
import styles from "./tiles.module.css";

/** One figure with its course, and what it is held against. */
export function NumberTile({ tile, look }: { tile: Tile; look: Look }) {
  const { t } = useTranslation("dashboard");
  const text = useFigureText();
  const [question, course] = questionsOf(tile, look);
  const none = { metrics: [], period: look.period };
  const now = useFigures(question ?? none);
  const past = useFigures(course ?? none);
  if (now.isError) return <Failed figures={now} />;
  const row = now.data?.rows[0];
  const metric = now.data?.metrics[0];
  if (!row || !metric || !question) {
    return (
      <div className={styles.number}>
        <span className={styles.value}>
          <Bar width="60%" />
        </span>
        <span className={styles.sparkline} />
        <p className={styles.changes}>&nbsp;</p>
      </div>
    );
  }
  return (
    <div className={styles.number}>
      <p className={styles.value}>
        <FigureButton row={row} metric={metric} question={question} />
        {typeof row.median === "number" ? (
          <small>{t("dashboard:median", { value: text.short(row.median, metric.unit) })}</small>
        ) : null}
        {row.state ? (
          <small className={styles.state} data-state={row.state}>
            {t(`dashboard:states.${row.state}`)}
          </small>
        ) : null}
      </p>
      <Sparkline values={past.data?.rows.map((entry) => entry.value) ?? []} />
      <p className={styles.changes}>
        {row.compared?.map((compared) => (
          <Fragment key={compared.with}>
            <Change compared={compared} metric={metric} />{" "}
          </Fragment>
        ))}
      </p>
    </div>
  );
}
