import { useTranslation } from "react-i18next";
import { FunnelBars } from "@/shared/figures/FunnelBars";
import { Bar } from "@/shared/ui/Bar";
import { opens } from "../api";
import { conversions, type Look, levels, questionsOf, type Tile, useFigures } from "../figures";
import { Failed, TileFrame } from "./TileFrame";
import styles from "./tiles.module.css";

/** Of 100 prospects 50 become targets, 25 are engaged, 12 intend to buy, and 6 do. */
const standard = [1, 0.5, 0.25, 0.12, 0.06];

/** Customers that reached each level in the period, and how many of them have gone on by now. */
export function FunnelTile({
  tile,
  title,
  note,
  look,
}: {
  tile: Tile;
  title: string;
  note?: string;
  look: Look;
}) {
  const { t } = useTranslation(["dashboard", "customers"]);
  const [question = { metrics: [], period: look.period }] = questionsOf(tile, look);
  const figures = useFigures(question);
  const rows = figures.data?.rows;
  const rowOf = (code: string) => rows?.find((row) => row.metric === code);
  const first = rowOf("customers_prospect")?.value ?? 0;
  return (
    <TileFrame tile={tile} title={title} note={note} question={question}>
      {figures.isError ? (
        <Failed figures={figures} />
      ) : !rows ? (
        <div className={styles.waiting}>
          {[95, 70, 45, 25, 12].map((width) => (
            <Bar key={width} width={`${width}%`} />
          ))}
        </div>
      ) : (
        <>
          <FunnelBars
            caption={title}
            steps={levels.map((level, index) => {
              const row = rowOf(`customers_${level}`);
              const share = standard[index] ?? 0;
              const next = standard[index + 1];
              return {
                id: level,
                name: t(`customers:choices.funnel_level.${level}`),
                count: row?.value ?? 0,
                amount: null,
                to: row?.records ? opens(row.records.filter, row.records.resource) : "/customers",
                conversion: rowOf(conversions[index] ?? "")?.value,
                standard: next === undefined ? null : next / share,
                expected: first > 0 ? Math.round(first * share) : null,
              };
            })}
          />
          <p className={styles.note}>{t("dashboard:funnel.customers_text")}</p>
        </>
      )}
    </TileFrame>
  );
}
