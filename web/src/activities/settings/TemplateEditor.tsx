import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
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
import { refusedIn } from "@/shared/ui/problems";
import { RefusalAlert } from "@/shared/ui/RefusalAlert";
import { SaveFoot } from "@/shared/ui/SaveFoot";
import { SortableList } from "@/shared/ui/Sortable";
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
  const undo = useUndo();
  const [draft, setDraft] = useState<DraftStep[]>();
  const [shown, setShown] = useState<number>();
  const [error, setError] = useState<ProblemError>();
  const [isBusy, setIsBusy] = useState(false);
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
      <RefusalAlert error={error} />
      <div className={styles.editor}>
        <div className={styles.column}>
          {steps.length > 0 ? (
            <SortableList items={steps} isDisabled={!mayEdit} onOrder={change}>
              {steps.map((step, index) => (
                <StepRow
                  key={step.key}
                  step={step}
                  wrong={refusedIn(error, "steps", index)}
                  isDisabled={!mayEdit}
                  onChange={(next) => change(steps.with(index, next))}
                  onRemove={() => change(steps.filter((entry) => entry.key !== step.key))}
                />
              ))}
            </SortableList>
          ) : (
            <p className={styles.soft}>{t("activities:settings.no_steps")}</p>
          )}
          {mayEdit ? (
            <Button
              icon={<PlusOutlined />}
              onClick={() => change([...steps, newStep(takenCodes())])}
            >
              {t("activities:settings.add_step")}
            </Button>
          ) : null}
          {draft && !isOld ? (
            <SaveFoot text={t("activities:settings.save_text")}>
              <Button onClick={() => setDraft(undefined)}>{t("app:cancel")}</Button>
              <Button type="primary" loading={isBusy} onClick={save}>
                {t("activities:settings.save_version")}
              </Button>
            </SaveFoot>
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
