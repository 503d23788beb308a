import { ArrowLeftOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useResource } from "@/api/queries";
import { type DialogProps, recordPath, useResourceUi } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { useFormat } from "@/shared/format/useFormat";
import { labelOf } from "@/shared/resource/save";
import { Bar } from "@/shared/ui/Bar";
import { DialogFrame } from "@/shared/ui/DialogFrame";
import { opens } from "./api";
import styles from "./drawer.module.css";
import { type FigureRow, type Question, useFigures } from "./figures";
import { periodName } from "./period";
import { Change } from "./tiles/Change";
import type { Told } from "./tiles/FigureButton";
import { useFigureText } from "./useFigureText";
import { useMetrics } from "./useMetrics";

/** Records that are shown at once; the list has them all. */
const shown = 10;

/** What a figure is: its formula in words, what went in, and the records behind it. */
export function FigureDrawer({ given, close }: DialogProps) {
  const { t, i18n } = useTranslation(["dashboard", "app"]);
  const text = useFigureText();
  const format = useFormat();
  const metrics = useMetrics();
  // From the figure that was asked for down to the input that is looked at.
  const [way, setWay] = useState<Told[]>([given as Told]);
  const told = way[way.length - 1] ?? (given as Told);
  const { row, metric, whose } = told;
  const entry = metrics.find(metric.code);
  const period = periodName(row.period, i18n.language, t);
  return (
    <DialogFrame
      close={close}
      title={
        <span className={styles.title}>
          {way.length > 1 ? (
            <Button
              type="text"
              size="small"
              icon={<ArrowLeftOutlined />}
              aria-label={t("dashboard:figure.back")}
              onClick={() => setWay(way.slice(0, -1))}
            />
          ) : null}
          {metric.name}
        </span>
      }
    >
      <div className={styles.figure}>
        <p className={styles.value} title={text.exact(row.value, metric.unit)}>
          {text.short(row.value, metric.unit)}
          {metric.unit === "money" && typeof row.value === "number" ? (
            <small>{text.exact(row.value, metric.unit)}</small>
          ) : null}
        </p>
        <p className={styles.about}>
          {[whose, whose?.includes(period) ? null : period].filter(Boolean).join(" · ")}
          {typeof row.median === "number" ? (
            <span>{t("dashboard:median", { value: text.short(row.median, metric.unit) })}</span>
          ) : null}
          {row.rank ? <span>{t("dashboard:rank_of", { rank: row.rank })}</span> : null}
        </p>
        {row.compared?.length ? (
          <ul className={styles.compared}>
            {row.compared.map((compared) => (
              <li key={compared.with}>
                <Change compared={compared} metric={metric} />
                <span>
                  {text.short(compared.value, metric.unit)}
                  <small>
                    {format.day(compared.from)} – {format.day(compared.to)}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        ) : null}
        <section>
          <h3>{t("dashboard:figure.formula")}</h3>
          <p>{entry?.description || t(`metrics:choices.kind.${metric.kind}`)}</p>
          {metric.formula ? <code>{metric.formula}</code> : null}
        </section>
        {row.inputs?.length ? (
          <Inputs told={told} open={(input) => setWay([...way, input])} />
        ) : null}
        {row.records ? <Records records={row.records} key={JSON.stringify(row.records)} /> : null}
        {row.value === null ? (
          <p className={styles.about}>{t("dashboard:figure.no_value")}</p>
        ) : null}
      </div>
    </DialogFrame>
  );
}

function Inputs({ told, open }: { told: Told; open: (input: Told) => void }) {
  const { t } = useTranslation("dashboard");
  return (
    <section>
      <h3>{t("dashboard:figure.inputs")}</h3>
      <ul className={styles.inputs}>
        {told.row.inputs?.map((input) => (
          <Input key={`${input.metric} ${input.period}`} input={input} told={told} open={open} />
        ))}
      </ul>
    </section>
  );
}

type InputProps = {
  input: NonNullable<FigureRow["inputs"]>[number];
  told: Told;
  open: (input: Told) => void;
};

/** One input: the same question, asked of another metric and perhaps of another period. */
function Input({ input, told, open }: InputProps) {
  const { i18n, t } = useTranslation("dashboard");
  const text = useFigureText();
  const { periods: _, compare: __, ...rest } = told.question;
  const question: Question = { ...rest, metrics: [input.metric], period: input.period };
  const figures = useFigures(question);
  const metric = figures.data?.metrics[0];
  // What counts more than what is looked at is no answer to the same question.
  const isSame = !input.of;
  const row = figures.data?.rows.find((entry) => (entry.key ?? null) === (told.row.key ?? null));
  const content = (
    <>
      <span>
        {input.name}
        {input.of ? <small>{t(`dashboard:figure.of.${input.of}`)}</small> : null}
        {input.period === told.row.period ? null : (
          <small>{periodName(input.period, i18n.language, t)}</small>
        )}
      </span>
      <b>{metric ? text.short(input.value, metric.unit) : "…"}</b>
    </>
  );
  return (
    <li>
      {isSame && row && metric ? (
        <button type="button" onClick={() => open({ row, metric, question, whose: told.whose })}>
          {content}
        </button>
      ) : (
        <div>{content}</div>
      )}
    </li>
  );
}

/** The first records behind a figure, and the way to all of them. */
function Records({ records }: { records: NonNullable<FigureRow["records"]> }) {
  const { t } = useTranslation(["dashboard", "app"]);
  const { resource } = records;
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const filter = JSON.stringify(records.filter);
  const list = useList(resource, { filter, page_size: shown }, Boolean(description));
  if (!description || list.isError) return null;
  const fields = (ui?.highlights ?? [])
    .flatMap((name) => description.fields.find((field) => field.name === name) ?? [])
    .slice(0, 3);
  const total = list.data?.total.count ?? 0;
  return (
    <section>
      <h3>
        {t("dashboard:figure.records", { what: t(`${resource}:title`) })}
        {list.data ? <small>{total}</small> : null}
      </h3>
      {list.isPending ? (
        <div className={styles.waiting}>
          <Bar />
          <Bar />
          <Bar />
        </div>
      ) : null}
      {list.data?.rows.length === 0 ? (
        <p className={styles.about}>{t("dashboard:figure.no_records")}</p>
      ) : null}
      <ul className={styles.records}>
        {list.data?.rows.map((entry) => (
          <li key={entry.id}>
            <Link to={recordPath(resource, entry.id)}>{labelOf(description, entry)}</Link>
            <span>
              {fields
                .filter((field) => !isEmpty(entry[field.name]))
                .map((field) => (
                  <FieldValue
                    key={field.name}
                    resource={resource}
                    field={field}
                    value={entry[field.name]}
                    labels={list.data?.labels}
                    plain
                  />
                ))}
            </span>
          </li>
        ))}
      </ul>
      {total > shown ? (
        <p>
          <Link to={opens(records.filter, resource)}>
            {t("dashboard:figure.all", { count: total })}
          </Link>
        </p>
      ) : total > 0 ? (
        <p>
          <Link to={opens(records.filter, resource)}>{t("dashboard:figure.as_list")}</Link>
        </p>
      ) : null}
    </section>
  );
}
