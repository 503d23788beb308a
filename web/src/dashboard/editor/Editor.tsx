import { PlusOutlined } from "@ant-design/icons";
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  arrayMove,
  rectSortingStrategy,
  SortableContext,
  sortableKeyboardCoordinates,
} from "@dnd-kit/sortable";
import { App, Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDialog } from "@/shared/ui/DialogProvider";
import { useProblems } from "@/shared/ui/problems";
import { SaveFoot } from "@/shared/ui/SaveFoot";
import styles from "../dashboard.module.css";
import { MergedContext, merge, questionsOf, type Tile } from "../figures";
import { type Dashboard, saveChanges } from "../saved";
import { useTileTitle } from "../tiles/TileView";
import type { Slicers } from "../useSlicers";
import { EditedTile } from "./EditedTile";
import { SaveAs } from "./SaveAs";
import { useDraft } from "./useDraft";

type Props = {
  dashboard: Dashboard;
  slicers: Slicers;
  /** With the dashboard that was saved, or without one. */
  close: (saved?: Dashboard) => void;
};

/** The tiles with handles: put in another order, made smaller or larger, changed, added and taken away. */
export function Editor({ dashboard, slicers, close }: Props) {
  const { t } = useTranslation(["dashboard", "app"]);
  const { message } = App.useApp();
  const problems = useProblems();
  const openDialog = useDialog();
  const titleOf = useTileTitle();
  const { tiles, set, forget, isChanged } = useDraft(dashboard);
  const [isNaming, setIsNaming] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const { look } = slicers;
  const merged = useMemo(
    () => merge(tiles.flatMap(({ tile }) => questionsOf(tile, look))),
    [tiles, look],
  );
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const move = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    const at = (key: unknown) => tiles.findIndex((entry) => entry.key === key);
    set(arrayMove(tiles, at(active.id), at(over.id)));
  };
  const change = (key: string, tile: Tile) =>
    set(tiles.map((entry) => (entry.key === key ? { key, tile } : entry)));
  const edit = (key: string, tile: Tile) =>
    openDialog("dashboard.tile", { tile, look, save: (next: Tile) => change(key, next) });
  const add = () =>
    openDialog("dashboard.tile", {
      look,
      save: (tile: Tile) => set([...tiles, { key: crypto.randomUUID(), tile }]),
    });
  const leave = (saved?: Dashboard) => {
    forget();
    close(saved);
  };
  const mayChange = dashboard.can.includes("edit");
  const save = async () => {
    setIsBusy(true);
    try {
      await saveChanges(dashboard, { tiles: tiles.map((entry) => entry.tile) });
      leave(dashboard);
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <MergedContext value={merged}>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={move}>
        <SortableContext items={tiles.map((entry) => entry.key)} strategy={rectSortingStrategy}>
          <ol className={styles.grid}>
            {tiles.map(({ key, tile }) => (
              <EditedTile
                key={key}
                id={key}
                tile={tile}
                title={titleOf(tile)}
                slicers={slicers}
                resize={(size) => change(key, { ...tile, size })}
                edit={() => edit(key, tile)}
                remove={() => set(tiles.filter((entry) => entry.key !== key))}
              />
            ))}
            <li className={styles.cell} data-size="small" data-kind="number">
              <button type="button" className={styles.add} onClick={add}>
                <PlusOutlined /> {t("dashboard:edit.add")}
              </button>
            </li>
          </ol>
        </SortableContext>
      </DndContext>
      <SaveFoot
        text={t(mayChange ? "dashboard:edit.text" : "dashboard:edit.text_copy", {
          name: dashboard.name,
        })}
      >
        <Button onClick={() => leave()}>
          {t(isChanged ? "dashboard:edit.discard" : "app:close")}
        </Button>
        <Button
          type={mayChange ? "default" : "primary"}
          disabled={tiles.length === 0}
          onClick={() => setIsNaming(true)}
        >
          {t("dashboard:edit.save_as")}
        </Button>
        {mayChange ? (
          <Button
            type="primary"
            loading={isBusy}
            disabled={!isChanged || tiles.length === 0}
            onClick={save}
          >
            {t("app:save")}
          </Button>
        ) : null}
      </SaveFoot>
      <SaveAs
        open={isNaming}
        name={dashboard.is_ready ? "" : dashboard.name}
        tiles={tiles.map((entry) => entry.tile)}
        close={() => setIsNaming(false)}
        saved={leave}
      />
    </MergedContext>
  );
}
