import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import { listPath, recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useCreate } from "@/shared/resource/CreateProvider";
import { PlainButton } from "@/shared/ui/PlainButton";
import type { Suggestion } from "./api";
import styles from "./today.module.css";

/** What could be done besides, each with its reason and one tap to it. */
export function Suggestions({ entries }: { entries: Suggestion[] }) {
  const { t } = useTranslation("today");
  const me = useMe();
  const act = useAct();
  const say = useReason();
  if (entries.length === 0) return null;
  return (
    <section id="suggestions" className={styles.section}>
      <h2>
        {t("today:suggestions")} <span>{entries.length}</span>
      </h2>
      <ul className={styles.lines}>
        {entries.map((entry) => (
          <li key={`${entry.rule}${entry.record_id}`} className={styles.promise}>
            <div>
              {entry.label && entry.record_id ? (
                <Link to={recordPath(entry.resource, entry.record_id)}>{entry.label}</Link>
              ) : null}
              <p>{say(entry)}</p>
            </div>
            {me.preview ? null : (
              <PlainButton onClick={() => act(entry)}>
                {t(`today:actions.${entry.action.kind}`)}
              </PlainButton>
            )}
          </li>
        ))}
      </ul>
    </section>
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
