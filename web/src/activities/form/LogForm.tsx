import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import { Chips } from "@/shared/ui/Chips";
import { DialogFrame, Labelled } from "@/shared/ui/DialogFrame";
import styles from "../activities.module.css";
import { type Family, hasOutcome, type Kind, useKinds } from "../kinds";
import { Steps } from "../templates/Steps";
import { isAnswered, type Step, useTemplate } from "../templates/template";
import { AtCustomer } from "./AtCustomer";
import { CustomerPick } from "./CustomerPick";
import { KindChips } from "./KindChips";
import { type Next, NextStep } from "./NextStep";
import { fieldsOf, type Verdict, verdictsOf } from "./outcomes";
import { PhotoInput } from "./PhotoInput";
import { SpanInput, sayMinutes } from "./SpanInput";
import { type FormProps, idOf, idsOf, textOf } from "./start";
import { deedInstants, deedSpan, instantsOf, type Span } from "./times";
import { useSend } from "./useSend";
import { draftName, useValues } from "./useValues";

type Deed = {
  kind_id: string | null;
  customer_id: string | null;
  opportunity_id: string | null;
  contact_ids: string[];
  subject: string;
  /** Only once the person said another time than the likely one. */
  span: Span | null;
  verdict: Verdict | null;
  result: string;
  refusal_reason: string;
  analysis: string;
  needs_found: string;
  competitor: string;
  answers: Record<string, unknown>;
  next: Next;
};

const given = (text: string) => text.trim() || undefined;

/** Says what was done: whom with, how it went, in a sentence what was said, and what comes next. */
export function LogForm({ row, initial, onDone, close }: FormProps) {
  const { t } = useTranslation(["activities", "app"]);
  const format = useFormat();
  const kinds = useKinds();
  const from = { ...initial, ...row };
  const { values, set, forget } = useValues<Deed>(draftName("log", row, initial?.customer_id), {
    kind_id: idOf(from.kind_id),
    customer_id: idOf(from.customer_id),
    opportunity_id: idOf(from.opportunity_id),
    contact_ids: idsOf(from.contact_ids),
    subject: "",
    span: null,
    verdict: null,
    result: textOf(from.result),
    refusal_reason: "",
    analysis: textOf(from.analysis),
    needs_found: textOf(from.needs_found),
    competitor: textOf(from.competitor),
    answers: (from.answers as Record<string, unknown> | undefined) ?? {},
    next: { day: null, start: "09:30", kind_id: null, purpose: "", invite: false },
  });
  const [photos, setPhotos] = useState<File[]>([]);
  const [isTiming, setIsTiming] = useState(false);
  const [showsMore, setShowsMore] = useState(false);
  const { send, isBusy, errors, general } = useSend({ onDone, forget });

  const family = textOf(initial?.family) as Family | "";
  const kind: Kind | undefined =
    kinds?.find((entry) => entry.id === values.kind_id) ??
    kinds?.find((entry) => entry.is_active && entry.family === (family || "visit"));
  const usual = kind?.default_minutes ?? 60;
  const span = values.span ?? deedSpan(row, usual, format.timeZone);
  const template = useTemplate(kind?.id, values.customer_id);
  const verdicts = verdictsOf(kind?.family);

  const submit = () => {
    const { next } = values;
    const answers = template
      ? answersOf(template.version.steps, values.answers, photos)
      : values.answers;
    const nextKind = kinds?.find((entry) => entry.id === next.kind_id) ?? kind;
    const plan = instantsOf(
      {
        day: next.day ?? format.today,
        start: next.start,
        minutes: nextKind?.default_minutes ?? 30,
      },
      format.timeZone,
    );
    const deed = {
      ...deedInstants(values.span, row, span, format.timeZone),
      device_at: new Date().toISOString(),
      ...fieldsOf(values.verdict),
      refusal_reason: values.verdict === "refused" ? given(values.refusal_reason) : undefined,
      result: given(values.result),
      analysis: given(values.analysis),
      needs_found: given(values.needs_found),
      competitor: given(values.competitor),
      contact_ids: values.contact_ids,
      opportunity_id: values.opportunity_id ?? undefined,
      ...(template && Object.values(answers).some(isAnswered)
        ? { template_version_id: template.version.id, answers }
        : {}),
      follow_up: next.day
        ? {
            kind_id: nextKind?.id,
            planned_start_at: plan.from,
            planned_end_at: plan.until,
            purpose: given(next.purpose),
            invite: (next.invite && values.contact_ids.length > 0) || undefined,
          }
        : undefined,
    };
    send(
      row
        ? { kind: "finish", row, deed }
        : {
            kind: "add",
            values: {
              ...deed,
              state: "done",
              kind_id: kind?.id,
              customer_id: values.customer_id ?? undefined,
              subject: given(values.subject),
            },
            name: kind?.name ?? "",
          },
      photos,
    );
  };
  // Pictures that a step asked for show there.
  const stepPhotos = new Set(Object.values(values.answers).flat());
  const who = row ? (row.labels?.[String(row.customer_id)] ?? textOf(row.subject)) : undefined;
  return (
    <DialogFrame
      title={
        row ? `${kind?.name ?? ""} · ${who}` : t("activities:log.title", { kind: kind?.name ?? "" })
      }
      close={close}
      onSubmit={submit}
      footer={
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t(values.next.day ? "activities:log.save_and_plan" : "activities:log.save")}
        </Button>
      }
    >
      {general ? <Alert type="error" showIcon role="alert" title={general} /> : null}
      {row ? null : (
        <>
          <CustomerPick
            value={values.customer_id}
            error={errors.customer_id}
            onChange={(customer_id) => set({ customer_id, opportunity_id: null, contact_ids: [] })}
          />
          <KindChips
            value={kind?.id ?? null}
            onChange={(kind_id) => set({ kind_id, verdict: null })}
            families={family && family !== "visit" ? [family] : ["visit"]}
            except={["task"]}
          />
        </>
      )}
      {verdicts.length > 0 ? (
        <Labelled label={t("activities:log.outcome")} error={errors.outcome}>
          <Chips
            large
            canClear
            label={t("activities:log.outcome")}
            value={values.verdict}
            onChange={(verdict) => set({ verdict })}
            options={verdicts.map((verdict) => ({
              value: verdict,
              label: t(`activities:verdicts.${verdict}`),
              hint: t(`activities:verdict_hints.${verdict}`),
            }))}
          />
        </Labelled>
      ) : null}
      {values.verdict === "refused" ? (
        <Input
          value={values.refusal_reason}
          maxLength={200}
          placeholder={t("activities:log.refusal")}
          aria-label={t("activities:fields.refusal_reason")}
          onChange={(event) => set({ refusal_reason: event.target.value })}
        />
      ) : null}
      <Labelled error={errors.result}>
        <Input.TextArea
          value={values.result}
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={10_000}
          aria-label={t("activities:fields.result")}
          placeholder={t(
            hasOutcome(kind?.family) ? "activities:log.result" : "activities:log.result_plain",
          )}
          onChange={(event) => set({ result: event.target.value })}
        />
      </Labelled>
      <PhotoInput
        value={photos.filter((photo) => !stepPhotos.has(photo.name))}
        onChange={(next) =>
          setPhotos([...photos.filter((photo) => stepPhotos.has(photo.name)), ...next])
        }
      />
      {template ? (
        <Steps
          steps={template.version.steps}
          answers={values.answers}
          error={errors.answers}
          photos={photos}
          onPhotos={setPhotos}
          onChange={(answers) => set({ answers })}
        />
      ) : null}
      {kind?.family === "task" ? null : (
        <NextStep
          value={{ ...values.next, kind_id: values.next.kind_id ?? kind?.id ?? null }}
          onChange={(next) => set({ next })}
          canInvite={values.contact_ids.length > 0}
        />
      )}
      <Labelled error={errors.started_at ?? errors.ended_at}>
        {isTiming ? (
          <SpanInput value={span} onChange={(next) => set({ span: next })} offsets={[0, -1, -2]} />
        ) : (
          <button type="button" className={styles.quiet} onClick={() => setIsTiming(true)}>
            {t("activities:log.when", {
              day: format.day(span.day),
              start: span.start,
              length: sayMinutes(span.minutes, t),
            })}
            <span>{t("activities:log.change")}</span>
          </button>
        )}
      </Labelled>
      {showsMore ? (
        <More values={values} set={set} errors={errors} />
      ) : (
        <button type="button" className={styles.quiet} onClick={() => setShowsMore(true)}>
          <span>{t("activities:log.more")}</span>
        </button>
      )}
    </DialogFrame>
  );
}

/** The answers as they are sent: pictures that were lost with the page are not among them. */
function answersOf(steps: Step[], answers: Record<string, unknown>, photos: File[]) {
  const taken = new Set(photos.map((photo) => photo.name));
  return Object.fromEntries(
    steps.flatMap((step) => {
      const value = answers[step.code];
      const kept =
        step.type === "photo" && Array.isArray(value)
          ? value.filter((name) => taken.has(name))
          : value;
      return isAnswered(kept) ? [[step.code, kept]] : [];
    }),
  );
}

function More({
  values,
  set,
  errors,
}: {
  values: Deed;
  set: (change: Partial<Deed>) => void;
  errors: Record<string, string>;
}) {
  const { t } = useTranslation("activities");
  return (
    <>
      <AtCustomer values={values} set={set} errors={errors} />
      {(["needs_found", "competitor", "analysis"] as const).map((name) => (
        <Labelled key={name} label={t(`activities:fields.${name}`)} error={errors[name]}>
          <Input.TextArea
            value={values[name]}
            autoSize={{ minRows: 1, maxRows: 8 }}
            aria-label={t(`activities:fields.${name}`)}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </Labelled>
      ))}
    </>
  );
}
