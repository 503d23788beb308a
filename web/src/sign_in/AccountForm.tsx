import { type FormEvent, type PropsWithChildren, useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainButton } from "@/shared/ui/PlainButton";
import { useProblems } from "@/shared/ui/problems";
import styles from "./sign_in.module.css";
import { type Check, ErrorsContext } from "./TextField";

type Answers = Record<string, string>;

type Props = PropsWithChildren<{
  submit: string;
  /** Answers what is wrong with a field, if anything. */
  checks: Record<string, Check>;
  send: (answers: Answers) => Promise<void>;
}>;

/** A form before sign-in: small enough to be there at once, with errors at their fields. */
export function AccountForm({ submit, checks, send, children }: Props) {
  const { t } = useTranslation("sign_in");
  const problems = useProblems();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submitForm = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const answers = Object.fromEntries(new FormData(form)) as Answers;
    const show = (wrong: Record<string, string>) => {
      setErrors(wrong);
      const first = Object.keys(wrong)[0];
      if (first) form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
    };
    setGeneral(undefined);
    const wrong = Object.entries(checks).flatMap(([name, check]) => {
      const text = check(answers[name]?.trim() ?? "", answers, t);
      return text ? [[name, text]] : [];
    });
    show(Object.fromEntries(wrong));
    if (wrong.length > 0) return;
    setBusy(true);
    try {
      await send(answers);
    } catch (error) {
      const sorted = problems.sort(error, Object.keys(checks));
      show(sorted.fields);
      if (Object.keys(sorted.fields).length === 0) setGeneral(problems.text(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={submitForm} noValidate>
      {general ? (
        <p className={styles.alert} role="alert">
          {general}
        </p>
      ) : null}
      <ErrorsContext value={errors}>{children}</ErrorsContext>
      <PlainButton primary type="submit" busy={busy} disabled={busy} className={styles.submit}>
        {submit}
      </PlainButton>
    </form>
  );
}
