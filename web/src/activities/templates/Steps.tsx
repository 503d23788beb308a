import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StepAnswer } from "./StepAnswer";
import { guidanceOf, isAnswered, nameOf, progressOf, type Step } from "./template";
import styles from "./templates.module.css";

type Answers = Record<string, unknown>;
type Props = {
  steps: Step[];
  answers: Answers;
  onChange: (answers: Answers) => void;
  /** The pictures of the visit; a step for photos answers with the names of its own. */
  photos: File[];
  onPhotos: (photos: File[]) => void;
  error?: string;
  /** Open from the start, for instance in the preview. */
  isOpen?: boolean;
};

/** The steps of a standard visit, filled in where one stands; how far they are shows all the time. */
export function Steps({
  steps,
  answers,
  onChange,
  photos,
  onPhotos,
  error,
  isOpen: wasOpen,
}: Props) {
  const { t, i18n } = useTranslation("activities");
  const [isOpen, setIsOpen] = useState(wasOpen ?? false);
  const { done, of } = progressOf(steps, answers);
  return (
    <section className={styles.steps} aria-label={t("activities:steps.title")}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span>{t("activities:steps.title")}</span>
        <span className={styles.progress} data-full={done === of || undefined}>
          {done}/{of}
        </span>
        <progress value={done} max={of} aria-label={t("activities:steps.progress")} />
      </button>
      {error ? (
        <p className={styles.wrong} role="alert">
          {error}
        </p>
      ) : null}
      {isOpen ? (
        <ol>
          {steps.map((step, index) => (
            <li key={step.code} data-done={isAnswered(answers[step.code]) || undefined}>
              <span className={styles.number}>{index + 1}</span>
              <div>
                <p className={styles.name}>
                  {nameOf(step, i18n.language)}
                  {step.is_required ? (
                    <span className={styles.required} title={t("activities:steps.required")}>
                      {" "}
                      *
                    </span>
                  ) : null}
                </p>
                {guidanceOf(step, i18n.language) ? (
                  <p className={styles.guidance}>{guidanceOf(step, i18n.language)}</p>
                ) : null}
                <StepAnswer
                  step={step}
                  value={answers[step.code]}
                  onChange={(value) => onChange({ ...answers, [step.code]: value })}
                  photos={photos}
                  onPhotos={onPhotos}
                />
              </div>
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}
