import { useTranslation } from "react-i18next";
import { useList } from "@/api/queries";
import type { Labels, Money, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./templates.module.css";

/** What was answered at each step of the visit, under the names that the steps had then. */
export function AnsweredSteps({ row }: { row: Row }) {
  const { t } = useTranslation("activities");
  const say = useAnswer();
  const answers = useList("visit_answers", {
    filter: JSON.stringify({ field: "activity_id", op: "in", value: [row.id] }),
    sort: "created_at",
    page_size: 100,
  });
  if (!answers.data?.rows.length) return null;
  return (
    <section>
      <h2>
        {t("activities:steps.title")} {String(row.steps_done ?? 0)}/
        {String(row.steps_required ?? 0)}
      </h2>
      <dl className={styles.answers}>
        {answers.data.rows.map((answer) => (
          <div key={answer.id}>
            <dt>{String(answer.step_name ?? "")}</dt>
            <dd>{say(answer, answers.data.labels)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** An answer in words, whatever its type. */
function useAnswer() {
  const { t } = useTranslation(["activities", "app"]);
  const format = useFormat();
  return (answer: Row, labels: Labels) => {
    const products = ((answer.product_ids as string[] | null) ?? []).map((id) => labels[id] ?? "");
    const parts = [
      typeof answer.answer_bool === "boolean" ? t(answer.answer_bool ? "app:yes" : "app:no") : "",
      String(answer.competitor ?? ""),
      answer.price ? format.money(answer.price as Money) : "",
      products.join(t("app:list_joint")),
      String(answer.answer_text ?? ""),
      // The number of photos stands beside their names, which say as much.
      typeof answer.answer_number === "number" && !answer.answer_text
        ? format.number(answer.answer_number)
        : "",
    ];
    return parts.filter(Boolean).join(" · ") || "—";
  };
}
