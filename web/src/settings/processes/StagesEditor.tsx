import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, refresh, useMe } from "@/api/queries";
import { api, ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { useEdit } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { refusedIn } from "@/shared/ui/problems";
import { RefusalAlert } from "@/shared/ui/RefusalAlert";
import { SaveFoot } from "@/shared/ui/SaveFoot";
import { SortableList } from "@/shared/ui/Sortable";
import { useUndo } from "@/shared/ui/useUndo";
import roleStyles from "../roles/roles.module.css";
import styles from "../settings.module.css";
import { type Leaving, MoveDialog, stillUsed } from "./MoveDialog";
import {
  type DraftStage,
  draftOf,
  type SavedStages,
  stagesBody,
  useProcessStages,
  withNewStage,
} from "./processes";
import stageStyles from "./processes.module.css";
import { StageRow } from "./StageRow";

type Props = { process: Row; onRevised: (id: string) => void };

/** Edits the stages of a process together; what runs keeps its revision unless it is taken along. */
export function StagesEditor({ process, onRevised }: Props) {
  const { t } = useTranslation(["settings", "app"]);
  const me = useMe();
  const edit = useEdit();
  const undo = useUndo();
  const known = useProcessStages(process.id);
  const [draft, setDraft] = useState<DraftStage[]>();
  const [error, setError] = useState<ProblemError>();
  const [isBusy, setIsBusy] = useState(false);
  const [leaving, setLeaving] = useState<Leaving[]>();
  if (known.isError) return <ErrorNotice error={known.error} retry={() => known.refetch()} />;
  if (!known.data) return <Bar />;
  const mayEdit = process.can.includes("edit") && !me.preview;
  const stages = draft ?? known.data.map(draftOf);
  const change = (next: DraftStage[]) => {
    setError(undefined);
    setDraft(next);
  };
  const save = async (move?: Record<string, string>) => {
    setIsBusy(true);
    try {
      const { data, batch } = await api.put<SavedStages>(
        `/processes/${process.id}/stages`,
        { stages: stagesBody(stages), move },
        { ifMatch: process.version },
      );
      setDraft(undefined);
      setLeaving(undefined);
      refresh("processes");
      refresh("stages");
      await queryClient.invalidateQueries({ queryKey: keys.lists("opportunities") });
      undo(
        t(data.in_place ? "settings:processes.saved" : "settings:processes.revised", {
          revision: data.revision,
          count: data.moved,
        }),
        batch,
      );
      onRevised(data.process_id);
    } catch (caught) {
      setLeaving(undefined);
      if (caught instanceof ProblemError) setError(caught);
    } finally {
      setIsBusy(false);
    }
  };
  const open = known.data.filter((row) => row.kind === "open");
  const codeOf = (row: Row) => stages.find((stage) => stage.id === row.id)?.code;
  /** Stages that stay take their opportunities along; `chosen` says where those of removed ones go. */
  const saveAlong = (chosen: Record<string, string>) =>
    save({
      ...Object.fromEntries(
        open.flatMap((row) => {
          const code = codeOf(row);
          return code ? [[row.id, code]] : [];
        }),
      ),
      ...chosen,
    });
  const takeAlong = async () => {
    setIsBusy(true);
    try {
      const asked = await stillUsed(open.filter((row) => !codeOf(row)));
      if (asked.length > 0) setLeaving(asked);
      else await saveAlong({});
    } catch (caught) {
      if (caught instanceof ProblemError) setError(caught);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className={roleStyles.editor}>
      <div className={roleStyles.head}>
        <p className={styles.soft}>
          {t("settings:processes.revision", { revision: process.revision })}
        </p>
        {mayEdit ? (
          <Button size="small" onClick={() => edit("processes", process)}>
            {t("settings:processes.rename")}
          </Button>
        ) : null}
      </div>
      <RefusalAlert error={error} />
      <div className={stageStyles.heads} aria-hidden>
        <span />
        <span>{t("stages:fields.name")}</span>
        <span>{t("stages:fields.name_en")}</span>
        <span>{t("stages:fields.kind")}</span>
        <span>{t("stages:fields.win_chance")}</span>
        <span>{t("stages:fields.standard_days")}</span>
        <span>{t("stages:fields.funnel_level")}</span>
        <span />
      </div>
      <SortableList items={stages} isDisabled={!mayEdit} onOrder={change}>
        {stages.map((stage, index) => (
          <StageRow
            key={stage.key}
            stage={stage}
            wrong={refusedIn(error, "stages", index)}
            isDisabled={!mayEdit}
            onChange={(next) => change(stages.with(index, next))}
            onRemove={() => change(stages.filter((entry) => entry.key !== stage.key))}
          />
        ))}
      </SortableList>
      {mayEdit ? (
        <div>
          <Button icon={<PlusOutlined />} onClick={() => change(withNewStage(stages))}>
            {t("app:new_one", { what: t("stages:one") })}
          </Button>
        </div>
      ) : null}
      {draft ? (
        <SaveFoot text={t("settings:processes.save_text")}>
          <Button onClick={() => setDraft(undefined)}>{t("app:cancel")}</Button>
          <Button loading={isBusy} onClick={() => save()}>
            {t("settings:processes.keep")}
          </Button>
          <Button type="primary" loading={isBusy} onClick={takeAlong}>
            {t("settings:processes.take_along")}
          </Button>
        </SaveFoot>
      ) : null}
      {leaving ? (
        <MoveDialog
          leaving={leaving}
          targets={stages.filter((stage) => stage.kind === "open")}
          isBusy={isBusy}
          onChosen={saveAlong}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </section>
  );
}
