import { Button, Input, InputNumber, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import type { DialogProps } from "@/shared/features";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useNames } from "@/shared/resource/names";
import { Chips, ToggleChip } from "@/shared/ui/Chips";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import { type Breakdown, type Look, MergedContext, type Slice, type Tile } from "../figures";
import { type Length, lengths } from "../period";
import { TileView } from "../tiles/TileView";
import { useMetrics } from "../useMetrics";
import styles from "./form.module.css";
import {
  breakdownsOf,
  fitted,
  hasLength,
  hasPeriods,
  isCompared,
  kinds,
  metricsMax,
  type PanelName,
  panels,
  sizesOf,
} from "./kinds";

const classes = ["result", "process", "analysis"];
const none = new Map<string, string[]>();

/** What a tile shows and how, with the tile as it would stand. */
export function TileForm({ given, close }: DialogProps) {
  const { t } = useTranslation(["dashboard", "metrics", "app"]);
  const {
    tile: before,
    look,
    save,
  } = given as {
    tile?: Tile;
    look: Look;
    save: (tile: Tile) => void;
  };
  const [draft, setDraft] = useState<Tile>(
    before ?? { kind: "number", size: "small", compare: ["previous", "last_year"] },
  );
  const metrics = useMetrics();
  const tile = useMemo(() => fitted(draft), [draft]);
  const set = (change: Partial<Tile>) => setDraft({ ...draft, ...change });
  const most = metricsMax(tile.kind);
  const chosen = tile.metrics ?? [];
  const units = new Set(chosen.map((code) => metrics.find(code)?.unit));
  const hasTooManyUnits = ["line", "bar"].includes(tile.kind) && units.size > 2;
  const isReady = (most === 0 || chosen.length > 0) && !hasTooManyUnits;
  const [isTold, setIsTold] = useState(false);
  const done = () => {
    setIsTold(true);
    if (!isReady) return;
    save(tile);
    close();
  };
  const options = classes.map((name) => ({
    label: t(`metrics:choices.class.${name}`),
    options: metrics.all
      .filter((entry) => entry.class === name && (entry.isActive || chosen.includes(entry.code)))
      .map((entry) => ({ value: entry.code, label: entry.name, about: entry.description })),
  }));
  const about = chosen.map((code) => metrics.find(code)).filter((entry) => entry !== undefined);
  return (
    <DialogFrame
      close={close}
      onSubmit={done}
      title={t(before ? "dashboard:form.change" : "dashboard:form.add")}
      footer={
        <>
          <Button onClick={close}>{t("app:cancel")}</Button>
          <Button type="primary" htmlType="submit">
            {t(before ? "dashboard:form.done" : "dashboard:form.put")}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <Labelled label={t("dashboard:form.kind")}>
          <Chips
            label={t("dashboard:form.kind")}
            value={tile.kind}
            onChange={(kind) => kind && set({ kind })}
            options={kinds.map((kind) => ({ value: kind, label: t(`dashboard:kinds.${kind}`) }))}
          />
        </Labelled>
        {tile.kind === "panel" ? (
          <Labelled label={t("dashboard:form.panel")}>
            <Chips<PanelName>
              label={t("dashboard:form.panel")}
              value={tile.panel}
              onChange={(panel) => panel && set({ panel })}
              options={panels.map((name) => ({
                value: name,
                label: t(`dashboard:panels.${name}`),
              }))}
            />
          </Labelled>
        ) : null}
        {most > 0 ? (
          <Labelled
            label={t("dashboard:form.metrics")}
            htmlFor="tile-metrics"
            error={
              hasTooManyUnits
                ? t("dashboard:form.units")
                : isTold && chosen.length === 0
                  ? t("dashboard:form.metrics_missing")
                  : undefined
            }
          >
            <Select
              id="tile-metrics"
              mode={most > 1 ? "multiple" : undefined}
              maxCount={most > 1 ? most : undefined}
              value={most > 1 ? chosen : chosen[0]}
              placeholder={t("dashboard:form.metrics_pick")}
              showSearch={{ optionFilterProp: "label" }}
              listHeight={360}
              style={{ width: "100%" }}
              onChange={(value: string | string[]) => set({ metrics: [value].flat() })}
              options={options}
              optionRender={(option) => (
                <span className={styles.option}>
                  {option.label}
                  <small>{(option.data as { about?: string }).about}</small>
                </span>
              )}
            />
            {about.map((entry) => (
              <p key={entry.code} className={styles.about}>
                <b>{entry.name}</b> {entry.description}
              </p>
            ))}
          </Labelled>
        ) : null}
        {breakdownsOf(tile.kind).length > 0 ? (
          <Labelled label={t("dashboard:form.by")} htmlFor="tile-by">
            <Select<Breakdown | "">
              id="tile-by"
              value={tile.by ?? (tile.kind === "leaderboard" ? "person" : "")}
              onChange={(by) => set({ by: by || undefined })}
              options={[
                ...(tile.kind === "leaderboard"
                  ? []
                  : [{ value: "" as const, label: t(`dashboard:form.by_none.${tile.kind}`) }]),
                ...breakdownsOf(tile.kind).map((by) => ({
                  value: by,
                  label: t(`dashboard:by.${by}`),
                })),
              ]}
            />
          </Labelled>
        ) : null}
        {isCompared(tile.kind) && !tile.by ? (
          <Labelled label={t("dashboard:compare.title")}>
            <div className={styles.row}>
              {(["previous", "last_year"] as const).map((with_) => (
                <ToggleChip
                  key={with_}
                  checked={tile.compare?.includes(with_) ?? false}
                  onChange={(isOn) =>
                    set({
                      compare: isOn
                        ? [...(tile.compare ?? []), with_]
                        : tile.compare?.filter((entry) => entry !== with_),
                    })
                  }
                >
                  {t(`dashboard:compare.${with_}`)}
                </ToggleChip>
              ))}
            </div>
          </Labelled>
        ) : null}
        <div className={styles.pair}>
          {hasLength(tile) ? (
            <Labelled label={t("dashboard:period")} htmlFor="tile-length">
              <Select<Length | "">
                id="tile-length"
                value={tile.length ?? ""}
                onChange={(length) => set({ length: length || undefined })}
                options={[
                  { value: "", label: t("dashboard:form.length_of_dashboard") },
                  ...lengths.map((length) => ({
                    value: length,
                    label: t(`dashboard:lengths.${length}`),
                  })),
                ]}
              />
            </Labelled>
          ) : null}
          {hasPeriods(tile.kind) && !tile.by ? (
            <Labelled label={t("dashboard:form.periods")} htmlFor="tile-periods">
              <InputNumber
                id="tile-periods"
                min={2}
                max={36}
                value={tile.periods}
                placeholder={t("dashboard:form.periods_usual")}
                onChange={(periods) => set({ periods: periods ?? undefined })}
              />
            </Labelled>
          ) : null}
        </div>
        {tile.kind === "panel" ? null : (
          <SliceInputs slice={tile.slice ?? {}} onChange={(slice) => set({ slice })} />
        )}
        <Labelled label={t("dashboard:form.size")}>
          <Chips
            label={t("dashboard:form.size")}
            value={tile.size}
            onChange={(size) => size && set({ size })}
            options={sizesOf(tile.kind).map((size) => ({
              value: size,
              label: t(`dashboard:sizes.${size}`),
            }))}
          />
        </Labelled>
        <Labelled label={t("dashboard:form.title")} htmlFor="tile-title">
          <Input
            id="tile-title"
            maxLength={60}
            value={draft.title ?? ""}
            placeholder={t("dashboard:form.title_usual")}
            onChange={(event) => set({ title: event.target.value })}
          />
        </Labelled>
        {isReady ? (
          <div className={styles.preview} inert>
            <MergedContext value={none}>
              <TileView tile={tile} look={look} />
            </MergedContext>
          </div>
        ) : null}
      </div>
    </DialogFrame>
  );
}

/** What the tile is limited to, besides what the dashboard is looked at for. */
function SliceInputs({ slice, onChange }: { slice: Slice; onChange: (slice: Slice) => void }) {
  const { t } = useTranslation("dashboard");
  const names = useNames();
  const classes = useResource("customers")?.fields.find((field) => field.name === "class");
  const set = (name: keyof Slice, value: unknown) =>
    onChange({ ...slice, [name]: value ? String(value) : undefined });
  return (
    <>
      <Labelled label={t("dashboard:form.team")} htmlFor="tile-team">
        <ReferenceInput
          id="tile-team"
          resource="teams"
          value={slice.team_id ?? null}
          onChange={(team) => set("team_id", team)}
        />
      </Labelled>
      <div className={styles.pair}>
        <Labelled label={t("dashboard:form.product_line")} htmlFor="tile-line">
          <ReferenceInput
            id="tile-line"
            resource="product_lines"
            value={slice.product_line_id ?? null}
            onChange={(line) => set("product_line_id", line)}
          />
        </Labelled>
        {classes ? (
          <Labelled label={t("dashboard:form.class")} htmlFor="tile-class">
            <Select
              id="tile-class"
              allowClear
              value={slice.class ?? undefined}
              placeholder={t("dashboard:form.class_all")}
              onChange={(value) => set("class", value)}
              options={(classes.choices ?? []).map((choice) => ({
                value: choice.code,
                label: names.choice("customers", classes, choice.code),
              }))}
            />
          </Labelled>
        ) : null}
      </div>
    </>
  );
}
