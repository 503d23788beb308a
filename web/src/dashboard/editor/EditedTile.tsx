import { DeleteOutlined, EditOutlined, HolderOutlined } from "@ant-design/icons";
import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import styles from "../dashboard.module.css";
import type { Tile } from "../figures";
import { TileView } from "../tiles/TileView";
import type { Slicers } from "../useSlicers";
import { sizesOf } from "./kinds";

type Props = {
  id: string;
  tile: Tile;
  title: string;
  slicers: Slicers;
  resize: (size: Tile["size"]) => void;
  edit: () => void;
  remove: () => void;
};

/** A tile as it will stand, with what can be done to it above. */
export function EditedTile({ id, tile, title, slicers, resize, edit, remove }: Props) {
  const { t } = useTranslation("dashboard");
  const {
    attributes,
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id });
  return (
    <li
      ref={setNodeRef}
      className={`${styles.cell} ${styles.edited}`}
      data-size={tile.size}
      data-kind={tile.kind}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <div className={styles.tileTools}>
        <Button
          ref={setActivatorNodeRef}
          {...attributes}
          {...listeners}
          type="text"
          size="small"
          className={styles.handle}
          icon={<HolderOutlined />}
          aria-label={t("dashboard:edit.move", { title })}
        />
        <Segmented
          size="small"
          value={tile.size}
          aria-label={t("dashboard:edit.size_of", { title })}
          onChange={resize}
          options={sizesOf(tile.kind).map((size) => ({
            value: size,
            label: t(`dashboard:sizes_short.${size}`),
            title: t(`dashboard:sizes.${size}`),
          }))}
        />
        <Button
          type="text"
          size="small"
          icon={<EditOutlined />}
          aria-label={t("dashboard:edit.change", { title })}
          onClick={edit}
        />
        <Button
          type="text"
          size="small"
          icon={<DeleteOutlined />}
          aria-label={t("dashboard:edit.remove", { title })}
          onClick={remove}
        />
      </div>
      <div className={styles.still} inert>
        <TileView tile={tile} look={slicers.look} />
      </div>
    </li>
  );
}
