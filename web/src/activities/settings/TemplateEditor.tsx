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
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, refresh, useMe, useResource } from "@/api/queries";
import { api, ProblemError } from "@/api/request";
import type { Labels, Row } from "@/api/types";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { useFormat } from "@/shared/format/useFormat";
import { useEdit } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { Steps } from "../templates/Steps";
import type { StepsVersion } from "../templates/template";
import { type DraftStep, draftOf, newStep, stepsBody } from "./draft";
import { StepRow } from "./StepRow";
import styles from "./settings.module.css";

/** Edits the steps of a template together. Saving makes a new version; done visits keep theirs. */
export function TemplateEditor({ template, labels }: { template: Row; labels: Labels }) {
  const { t } = useTranslation(["activities", "app"]);
  const me = useMe();
  const format = useFormat();
  const problems = useProblems();
  const undo = useUndo();
  const [draft, setDraft] = useState<DraftStep[]>();
  const [shown, setShown] = useState<number>();
  const [error, setError] = useState<ProblemError>();
  const [isBusy, setIsBusy] = useState(false);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const versions = useQuery({
    queryKey: keys.part("visit_templates", template.id, "versions"),
    queryFn: async ({ signal }) =>
      (
        await api.get<{ rows: StepsVersion[] }>(
          `/visit_templates/${template.id}/versions`,
          undefined,
          signal,
        )
      ).rows,
  });
  if (versions.isError) {
    return <ErrorNotice error={versions.error} retry={() => versions.refetch()} />;
  }
  if (!versions.data) return <Bar />;
  const newest = versions.data[0];
  const version = versions.data.find((entry) => entry.number === shown) ?? newest;
  const isOld = version !== newest;
  const mayEdit = template.can.includes("edit") && !me.preview && !isOld;
  const steps = (isOld ? undefined : draft) ?? (version?.steps ?? []).map(draftOf);
  const change = (next: DraftStep[]) => {
    setError(undefined);
    setDraft(next);
  };
  const reorder = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    const at = (key: unknown) => steps.findIndex((step) => step.key === key);
    change(arrayMove(steps, at(active.id), at(over.id)));
  };
  const takenCodes = () => [
    ...steps.map((step) => step.code),
    ...(versions.data ?? []).flatMap((entry) => entry.steps.map((step) => step.code)),
  ];
  const save = async () => {
    setIsBusy(true);
    try {
      const { data, batch } = await api.put<StepsVersion>(
        `/visit_templates/${template.id}/steps`,
        { steps: stepsBody(steps) },
        { ifMatch: template.version },
      );
      setDraft(undefined);
      setShown(undefined);
      refresh("visit_templates");
      undo(t("activities:settings.version_saved", { number: data.number }), batch);
    } catch (caught) {
      if (caught instanceof ProblemError) setError(caught);
    } finally {
      setIsBusy(false);
    }
  };
  const wrongAt = (index: number) =>
    Object.fromEntries(
      (error?.problem.errors ?? [])
        .filter((item) => item.pointer.startsWith(`/steps/${index}/`))
        .map((item) => [item.pointer.split("/")[3] ?? "", true]),
    );
  return (
    <>
      <div className={styles.head}>
        <FitsWhat template={template} labels={labels} />
        <span style={{ display: "inline-flex", gap: "var(--space-2)" }}>
          {versions.data.length > 0 ? (
            <Select
              size="small"
              value={version?.number}
              popupMatchSelectWidth={false}
              aria-label={t("activities:settings.versions")}
              onChange={setShown}
              options={versions.data.map((entry) => ({
                value: entry.number,
                label: t("activities:settings.version", {
                  number: entry.number,
                  day: format.day(format.dayOf(entry.created_at)),
                }),
              }))}
            />
          ) : null}
          <EditButton template={template} />
        </span>
      </div>
      {error ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={[
            problems.text(error),
            ...problems.sort(error, []).others.filter((text, at, all) => all.indexOf(text) === at),
          ].join(" ")}
        />
      ) : null}
      <div className={styles.editor}>
        <div>
          <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={reorder}>
            <SortableContext
              items={steps.map((step) => step.key)}
              strategy={verticalListSortingStrategy}
              disabled={!mayEdit}
            >
              {steps.length > 0 ? (
                <ol className={styles.steps}>
                  {steps.map((step, index) => (
                    <StepRow
                      key={step.key}
                      step={step}
                      wrong={wrongAt(index)}
                      isDisabled={!mayEdit}
                      onChange={(next) => change(steps.with(index, next))}
                      onRemove={() => change(steps.filter((entry) => entry.key !== step.key))}
                    />
                  ))}
                </ol>
              ) : (
                <p className={styles.soft}>{t("activities:settings.no_steps")}</p>
              )}
            </SortableContext>
          </DndContext>
          {mayEdit ? (
            <Button
              icon={<PlusOutlined />}
              style={{ marginTop: "var(--space-3)" }}
              onClick={() => change([...steps, newStep(takenCodes())])}
            >
              {t("activities:settings.add_step")}
            </Button>
          ) : null}
          {draft && !isOld ? (
            <footer className={styles.foot}>
              <span>{t("activities:settings.save_text")}</span>
              <Button onClick={() => setDraft(undefined)}>{t("app:cancel")}</Button>
              <Button type="primary" loading={isBusy} onClick={save}>
                {t("activities:settings.save_version")}
              </Button>
            </footer>
          ) : null}
        </div>
        <Preview steps={steps} />
      </div>
    </>
  );
}

/** What the template is for, in words. */
function FitsWhat({ template, labels }: { template: Row; labels: Labels }) {
  const { t } = useTranslation("activities");
  const fields = useResource("visit_templates")?.fields ?? [];
  const asked = ["kind_id", "customer_class", "industry"].flatMap((name) => {
    const field = fields.find((entry) => entry.name === name);
    return field && !isEmpty(template[name]) ? [field] : [];
  });
  return (
    <p className={styles.soft}>
      {asked.length === 0 ? t("activities:settings.fits_all") : t("activities:settings.fits")}{" "}
      {asked.map((field, index) => (
        <span key={field.name}>
          {index > 0 ? " · " : ""}
          <FieldValue
            resource="visit_templates"
            field={field}
            value={template[field.name]}
            labels={labels}
            plain
          />
        </span>
      ))}
    </p>
  );
}

function EditButton({ template }: { template: Row }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const edit = useEdit();
  if (!template.can.includes("edit") || me.preview) return null;
  return (
    <Button size="small" onClick={() => edit("visit_templates", template)}>
      {t("app:edit")}
    </Button>
  );
}

/** How the steps look on a phone; they can be tried, nothing is kept. */
function Preview({ steps }: { steps: DraftStep[] }) {
  const { t } = useTranslation("activities");
  const [answers, setAnswers] = useState<Record<string, unknown>>({});
  const [photos, setPhotos] = useState<File[]>([]);
  return (
    <aside className={styles.phone} aria-label={t("activities:settings.preview")}>
      <h3>{t("activities:settings.preview")}</h3>
      <Steps
        isOpen
        steps={steps}
        answers={answers}
        onChange={setAnswers}
        photos={photos}
        onPhotos={setPhotos}
      />
    </aside>
  );
}
