import { MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown, Segmented } from "antd";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { savePicture } from "@/shared/figures/picture";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { fileOf, type Question, type Tile } from "../figures";
import styles from "./tiles.module.css";

type Props = {
  tile: Tile;
  title: string;
  /** The period, where it is not the dashboard's. */
  note?: string;
  /** Of which the tile's files are made. */
  question?: Question;
  tools?: ReactNode;
  /** The same as a table; without one the tile is read exactly as it is. */
  table?: ReactNode;
  children: ReactNode;
};

/** A tile: its title, what may be taken out of it, and the figures. */
export function TileFrame({ tile, title, note, question, tools, table, children }: Props) {
  const { t } = useTranslation(["dashboard", "app"]);
  const box = useRef<HTMLElement>(null);
  const [isTable, setIsTable] = useState(false);
  const items = [
    ...(question
      ? (["xlsx", "csv"] as const).map((format) => ({
          key: format,
          label: (
            <a href={fileOf(question, format)} download>
              {t(`dashboard:files.${format}`)}
            </a>
          ),
        }))
      : []),
    {
      key: "png",
      label: t("dashboard:files.png"),
      onClick: () => box.current && savePicture(box.current, title),
    },
  ];
  return (
    <section ref={box} className={styles.tile} data-kind={tile.kind} aria-label={title}>
      <header className={styles.head}>
        <h2 title={title}>{title}</h2>
        {note ? <small>{note}</small> : null}
        <span className={styles.tools} data-picture="without">
          {tools}
          {table ? (
            <Segmented<"chart" | "table">
              size="small"
              value={isTable ? "table" : "chart"}
              onChange={(as) => setIsTable(as === "table")}
              aria-label={title}
              options={[
                { value: "chart", label: t("app:figures.chart") },
                { value: "table", label: t("app:figures.table") },
              ]}
            />
          ) : null}
          <Dropdown trigger={["click"]} menu={{ items }} placement="bottomRight">
            <Button
              type="text"
              size="small"
              icon={<MoreOutlined />}
              aria-label={t("dashboard:files.of", { title })}
            />
          </Dropdown>
        </span>
      </header>
      {isTable ? (
        <div className={styles.scroll}>{table}</div>
      ) : (
        <Suspense fallback={<div className={styles.chart} />}>{children}</Suspense>
      )}
    </section>
  );
}

/** What could not be asked, in the tile's place. */
export function Failed({ figures }: { figures: { error: unknown; refetch: () => unknown } }) {
  return (
    <div className={styles.failed}>
      <ErrorNotice error={figures.error} retry={() => figures.refetch()} />
    </div>
  );
}
