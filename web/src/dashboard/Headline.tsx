import { Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { opens, type Performance, type Pipeline } from "./api";
import styles from "./dashboard.module.css";

type Props = { performance: Performance | undefined; pipeline: Pipeline | undefined };

const percent = (share: number | null) => (share === null ? "—" : `${Math.round(share * 100)}%`);

/** The five figures that one asks for first; the name of each tells its formula on hover. */
export function Headline({ performance, pipeline }: Props) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  return (
    <dl className={styles.headline}>
      <Tile name="won">
        {performance ? (
          <Value
            to={opens(performance.won.filter)}
            exact={format.exactMoney(performance.won.amount)}
            note={t("dashboard:tiles.deals", { count: performance.won.count })}
          >
            {format.money(performance.won.amount)}
          </Value>
        ) : null}
      </Tile>
      <Tile name="open">
        {pipeline ? (
          <Value
            to={opens(pipeline.total.filter)}
            exact={format.exactMoney(pipeline.total.amount)}
            note={t("dashboard:tiles.weighted", {
              count: pipeline.total.count,
              amount: format.money(pipeline.total.weighted_amount),
            })}
          >
            {format.money(pipeline.total.amount)}
          </Value>
        ) : null}
      </Tile>
      <Tile name="win_rate">
        {performance ? (
          <Value
            to={opens(performance.win_rate.filter)}
            note={t("dashboard:tiles.by_amount", {
              share: percent(performance.win_rate.by_amount),
            })}
          >
            {percent(performance.win_rate.by_count)}
          </Value>
        ) : null}
      </Tile>
      <Tile name="average_deal">
        {performance ? (
          <Value
            to={opens(performance.average_deal.filter)}
            exact={
              performance.average_deal.amount
                ? format.exactMoney(performance.average_deal.amount)
                : undefined
            }
          >
            {performance.average_deal.amount ? format.money(performance.average_deal.amount) : "—"}
          </Value>
        ) : null}
      </Tile>
      <Tile name="cycle">
        {performance ? (
          <Value
            to={opens(performance.cycle.filter)}
            note={
              performance.cycle.mean_days === null
                ? undefined
                : t("dashboard:tiles.mean", { days: format.number(performance.cycle.mean_days) })
            }
          >
            {performance.cycle.median_days === null
              ? "—"
              : t("dashboard:tiles.days", { days: format.number(performance.cycle.median_days) })}
          </Value>
        ) : null}
      </Tile>
    </dl>
  );
}

function Tile({
  name,
  children,
}: {
  name: "won" | "open" | "win_rate" | "average_deal" | "cycle";
  children: ReactNode;
}) {
  const { t } = useTranslation("dashboard");
  return (
    <div>
      <dt>
        <Tooltip title={t(`dashboard:formulas.${name}`)} trigger={["hover", "focus"]}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the formula must be reachable by keyboard */}
          <span tabIndex={0}>{t(`dashboard:tiles.${name}`)}</span>
        </Tooltip>
      </dt>
      <dd>{children ?? <Bar width="70%" />}</dd>
    </div>
  );
}

function Value({
  to,
  exact,
  note,
  children,
}: {
  to: string;
  exact?: string;
  note?: string;
  children: ReactNode;
}) {
  return (
    <>
      <Link to={to} title={exact}>
        {children}
      </Link>
      {note ? <small>{note}</small> : null}
    </>
  );
}
