import {
  EditOutlined,
  ExpandOutlined,
  LeftOutlined,
  MoreOutlined,
  RightOutlined,
} from "@ant-design/icons";
import { App, Button, Dropdown, Select } from "antd";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useList, useMe } from "@/api/queries";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { PeriodPicker, ScopePicker } from "./Controls";
import styles from "./dashboard.module.css";
import { MergedContext, merge, questionsOf, type Tile } from "./figures";
import { type Dashboard, remove, useDashboards } from "./saved";
import { TileView } from "./tiles/TileView";
import { usePresenter } from "./usePresenter";
import { type Slicers, useSlicers } from "./useSlicers";
import { Welcome } from "./Welcome";

const Editor = lazy(() => import("./editor/Editor").then((module) => ({ default: module.Editor })));

/** How the selling goes: the tiles of a dashboard, each figure with what it is made of. */
export function DashboardPage() {
  const { t } = useTranslation("dashboard");
  useTitle(t("dashboard:title"));
  const slicers = useSlicers();
  const dashboards = useDashboards();
  const { rows, current, choose } = dashboards;
  const [isEditing, setIsEditing] = useState(false);
  const step = (count: number) => {
    const at = rows.findIndex((row) => row.id === current?.id);
    const next = rows[(at + count + rows.length) % rows.length];
    if (next) choose(next.id);
  };
  const presenter = usePresenter(step);
  // Whether there is anything at all decides between figures and first steps.
  const any = useList("customers", { page_size: 1 });
  if (any.data && any.data.rows.length === 0) return <Welcome />;
  if (dashboards.list.isError) {
    return <ErrorNotice error={dashboards.list.error} retry={() => dashboards.list.refetch()} />;
  }
  return (
    <div className={styles.page} data-presenting={presenter.isOn || undefined}>
      <header className={styles.head}>
        <h1 className="visually-hidden">{t("dashboard:title")}</h1>
        {presenter.isOn ? (
          <p className={styles.presented}>{current?.name}</p>
        ) : (
          <Chooser rows={rows} current={current} choose={choose} isDisabled={isEditing} />
        )}
        <PeriodPicker slicers={slicers} />
        <ScopePicker slicers={slicers} />
        <span className={styles.actions}>
          {presenter.isOn ? (
            <>
              <Button
                icon={<LeftOutlined />}
                aria-label={t("dashboard:present.previous")}
                onClick={() => step(-1)}
              />
              <Button
                icon={<RightOutlined />}
                aria-label={t("dashboard:present.next")}
                onClick={() => step(1)}
              />
              <Button onClick={presenter.end}>{t("dashboard:present.end")}</Button>
            </>
          ) : isEditing ? null : (
            <Actions current={current} edit={() => setIsEditing(true)} present={presenter.begin} />
          )}
        </span>
      </header>
      {!current ? (
        <Skeleton />
      ) : isEditing ? (
        <Suspense fallback={<Skeleton />}>
          <Editor
            key={current.id}
            dashboard={current}
            slicers={slicers}
            close={(saved) => {
              setIsEditing(false);
              if (saved) choose(saved.id);
            }}
          />
        </Suspense>
      ) : (
        <Tiles tiles={current.tiles} slicers={slicers} />
      )}
    </div>
  );
}

function Tiles({ tiles, slicers }: { tiles: Tile[]; slicers: Slicers }) {
  const { look } = slicers;
  const merged = useMemo(
    () => merge(tiles.flatMap((tile) => questionsOf(tile, look))),
    [tiles, look],
  );
  // Two tiles may be the same but for their place.
  const keyed = tiles.map((tile, index) => ({ tile, key: `${index} ${JSON.stringify(tile)}` }));
  return (
    <MergedContext value={merged}>
      <div className={styles.grid}>
        {keyed.map(({ tile, key }) => (
          <div key={key} className={styles.cell} data-size={tile.size} data-kind={tile.kind}>
            <TileView tile={tile} look={look} slicers={slicers} />
          </div>
        ))}
      </div>
    </MergedContext>
  );
}

function Chooser({
  rows,
  current,
  choose,
  isDisabled,
}: {
  rows: Dashboard[];
  current: Dashboard | undefined;
  choose: (id: string) => void;
  isDisabled: boolean;
}) {
  const { t } = useTranslation("dashboard");
  const me = useMe();
  const groups = [
    { name: "mine", rows: rows.filter((row) => row.owner_id === me.person.id) },
    {
      name: "shared",
      rows: rows.filter((row) => !row.is_ready && row.owner_id !== me.person.id),
    },
    { name: "ready", rows: rows.filter((row) => row.is_ready) },
  ];
  return (
    <Select
      className={styles.chooser}
      variant="borderless"
      size="large"
      disabled={isDisabled}
      value={current?.id}
      aria-label={t("dashboard:which")}
      popupMatchSelectWidth={false}
      onChange={choose}
      options={groups
        .filter((group) => group.rows.length > 0)
        .map((group) => ({
          label: t(`dashboard:groups.${group.name}`),
          options: group.rows.map((row) => ({ value: row.id, label: row.name })),
        }))}
    />
  );
}

function Actions({
  current,
  edit,
  present,
}: {
  current: Dashboard | undefined;
  edit: () => void;
  present: () => void;
}) {
  const { t } = useTranslation("dashboard");
  const me = useMe();
  const { message } = App.useApp();
  const problems = useProblems();
  const mayRemove = current?.can.includes("delete");
  return (
    <>
      <Button icon={<ExpandOutlined />} onClick={present} className={styles.present}>
        {t("dashboard:present.begin")}
      </Button>
      {me.preview ? null : (
        <Button icon={<EditOutlined />} onClick={edit} disabled={!current}>
          {t("dashboard:edit.begin")}
        </Button>
      )}
      {current && mayRemove ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              {
                key: "remove",
                danger: true,
                label: t("dashboard:edit.remove_dashboard"),
                onClick: () =>
                  remove(current).catch((error: unknown) => message.error(problems.text(error))),
              },
            ],
          }}
        >
          <Button type="text" icon={<MoreOutlined />} aria-label={t("dashboard:more")} />
        </Dropdown>
      ) : null}
    </>
  );
}

function Skeleton() {
  return (
    <div className={styles.grid}>
      {["a", "b", "c", "d"].map((cell) => (
        <div key={cell} className={styles.cell} data-size="small" data-kind="number">
          <div className={styles.blank}>
            <Bar width="40%" />
          </div>
        </div>
      ))}
      {["e", "f"].map((cell) => (
        <div key={cell} className={styles.cell} data-size="medium" data-kind="bar">
          <div className={styles.blank}>
            <Bar width="30%" />
          </div>
        </div>
      ))}
    </div>
  );
}
