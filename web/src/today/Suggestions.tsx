import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import { api } from "@/api/request";
import { listPath, recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useCreate } from "@/shared/resource/CreateProvider";
import { PlainButton } from "@/shared/ui/PlainButton";
import { useProblems } from "@/shared/ui/problems";
import type { Suggestion } from "./api";
import styles from "./today.module.css";

/** What could be done besides, each with its reason and one tap to it. */
export function Suggestions({ entries }: { entries: Suggestion[] }) {
  const { t } = useTranslation("today");
  if (entries.length === 0) return null;
  return (
    <section id="suggestions" className={styles.section}>
      <h2>
        {t("today:suggestions")} <span>{entries.length}</span>
      </h2>
      <ul className={styles.lines}>
        {entries.map((entry) => (
          <Line key={`${entry.rule}${entry.record_id}`} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Line({ entry }: { entry: Suggestion }) {
  const { t } = useTranslation("today");
  const me = useMe();
  const act = useAct();
  const say = useReason();
  const problems = useProblems();
  const [isPaused, setIsPaused] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const pause = async (isOn: boolean) => {
    const what = { rule: entry.rule, record_id: entry.record_id };
    setIsBusy(true);
    setError(undefined);
    try {
      if (isOn) await api.post("/today/suggestions/pause", what);
      else await api.delete("/today/suggestions/pause", undefined, what);
      // It stays in its place until the day is asked for again, so that it can be taken back.
      setIsPaused(isOn);
    } catch (caught) {
      setError(problems.text(caught));
    }
    setIsBusy(false);
  };
  return (
    <li className={styles.promise}>
      <div>
        {entry.label && entry.record_id ? (
          <Link to={recordPath(entry.resource, entry.record_id)}>{entry.label}</Link>
        ) : null}
        <p aria-live="polite">{error ?? (isPaused ? t("today:paused") : say(entry))}</p>
      </div>
      {me.preview ? null : isPaused ? (
        <PlainButton busy={isBusy} onClick={() => pause(false)}>
          {t("today:resume")}
        </PlainButton>
      ) : (
        <>
          <button
            type="button"
            className={styles.notNow}
            disabled={isBusy}
            onClick={() => pause(true)}
          >
            {t("today:not_now")}
          </button>
          <PlainButton onClick={() => act(entry)}>
            {t(`today:actions.${entry.action.kind}`)}
          </PlainButton>
        </>
      )}
    </li>
  );
}

function useAct() {
  const create = useCreate();
  const navigate = useNavigate();
  return ({ action, resource, record_id, rule }: Suggestion) => {
    if (action.kind === "plan") return create("activities", action.prefill ?? {});
    if (action.kind === "call") {
      return create("activities", { ...action.prefill, state: "done", family: "call" });
    }
    navigate(record_id ? recordPath(resource, record_id) : `${listPath(resource)}?view=${rule}`);
  };
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** The reason in words; days among its figures as people say them. */
function useReason() {
  const { t } = useTranslation("today");
  const format = useFormat();
  return ({ reason }: Suggestion) =>
    t(
      `today:reasons.${reason.code}`,
      Object.fromEntries(
        Object.entries(reason.params ?? {}).map(([name, value]) => [
          name,
          typeof value === "string" && day.test(value) ? format.day(value) : value,
        ]),
      ),
    );
}
