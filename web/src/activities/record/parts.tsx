import { useTranslation } from "react-i18next";
import { useList } from "@/api/queries";
import type { Money } from "@/api/types";
import type { PartProps } from "@/shared/features";
import { ReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { useFormat } from "@/shared/format/useFormat";
import { useKind } from "../kinds";
import type { CheckItem } from "../tasks/Checklist";
import { nameOf, type Step, useStepsOf } from "../templates/template";
import styles from "./summary.module.css";

/** What was answered at the steps of a visit, step by step. */
export function AnswersPart({ value, whole }: PartProps) {
  const { i18n } = useTranslation();
  const answers = (value ?? {}) as Record<string, unknown>;
  const steps = useStepsOf(whole.template_version_id);
  const known = steps.filter((step) => step.code in answers);
  const others = Object.keys(answers).filter((code) => !steps.some((step) => step.code === code));
  if (Object.keys(answers).length === 0) return <>—</>;
  return (
    <dl className={styles.parts}>
      {known.map((step) => (
        <div key={step.code}>
          <dt>{nameOf(step, i18n.language)}</dt>
          <dd>
            <Answer step={step} value={answers[step.code]} />
          </dd>
        </div>
      ))}
      {others.map((code) => (
        <div key={code}>
          <dt>{code}</dt>
          <dd>{String(answers[code])}</dd>
        </div>
      ))}
    </dl>
  );
}

type Price = { competitor?: string; price?: Money; offer?: string };

function Answer({ step, value }: { step: Step; value: unknown }) {
  const { t, i18n } = useTranslation("app");
  const format = useFormat();
  switch (step.type) {
    case "yes_no":
      return t(value ? "app:yes" : "app:no");
    case "choice": {
      const choice = step.choices?.find(({ code }) => code === value);
      return choice ? nameOf(choice, i18n.language) : String(value);
    }
    case "number":
      return format.number(Number(value));
    case "products":
      return (value as string[]).map((id, index) => (
        <span key={id}>
          {index > 0 ? t("app:list_joint") : null}
          <ReferenceLabel resource="products" id={id} />
        </span>
      ));
    case "competitor_price": {
      const { competitor, price, offer } = value as Price;
      return [competitor, price ? format.money(price) : "", offer].filter(Boolean).join(" · ");
    }
    case "photo":
      return (value as string[]).join(t("app:list_joint"));
    default:
      return String(value);
  }
}

export function ChecklistPart({ value }: PartProps) {
  const { t } = useTranslation("activities");
  const items = (value ?? []) as CheckItem[];
  if (items.length === 0) return <>—</>;
  return (
    <ul className={styles.checks}>
      {items.map((item) => (
        <li key={item.text} data-done={item.done || undefined}>
          <span aria-hidden="true">{item.done ? "✓" : "○"}</span> {item.text}
          {item.done ? (
            <span className="visually-hidden">{t("activities:choices.state.done")}</span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** The next plan: as a deed asks for it, or those that stand after a record. */
export function NextPart({ value, whole }: PartProps) {
  const next = value as Record<string, unknown> | undefined;
  const isRecord = !next && typeof whole.id === "string" && whole.has_follow_up === true;
  const known = useList(
    "activities",
    {
      filter: JSON.stringify({ field: "follow_up_of_id", op: "in", value: [whole.id] }),
      sort: "happens_at",
      page_size: 5,
    },
    isRecord,
  );
  const plans = next ? [next] : (known.data?.rows ?? []);
  if (plans.length === 0) return <>—</>;
  return plans.map((plan) => <Plan key={String(plan.id ?? "mine")} plan={plan} />);
}

function Plan({ plan }: { plan: Record<string, unknown> }) {
  const format = useFormat();
  const kind = useKind(plan.kind_id as string | undefined);
  const at = plan.planned_start_at ?? plan.due_on;
  return (
    <p>
      {[
        kind?.name,
        at ? (plan.planned_start_at ? format.instant(String(at)) : format.day(String(at))) : "",
        plan.purpose,
      ]
        .filter(Boolean)
        .join(" · ")}
    </p>
  );
}
