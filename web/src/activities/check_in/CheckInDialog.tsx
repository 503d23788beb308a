import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import type { DialogProps } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import type { Outcome } from "@/shared/offline/offline";
import { DialogFrame } from "@/shared/ui/DialogFrame";
import { useDialog } from "@/shared/ui/DialogProvider";
import { useProblems } from "@/shared/ui/problems";
import styles from "../activities.module.css";
import { PhotoInput } from "../form/PhotoInput";
import { addPhotos, checkIn } from "../writes";
import { sayDistance } from "./distance";
import { whereAmI } from "./position";

type State =
  | { step: "locating" }
  | { step: "done"; outcome: Outcome; position: string; accuracy_m?: number }
  | { step: "failed"; error: unknown };

/** Says "I am here": looks for the position by itself, and works without one. */
export function CheckInDialog({ given, close }: DialogProps) {
  const { t, i18n } = useTranslation(["activities", "app"]);
  const format = useFormat();
  const openDialog = useDialog();
  const problems = useProblems();
  const row = given.row as Row;
  const [state, setState] = useState<State>({ step: "locating" });
  const [photos, setPhotos] = useState<File[]>([]);
  const isStarted = useRef(false);

  useEffect(() => {
    // Effects run twice in development; a check-in must not.
    if (isStarted.current) return;
    isStarted.current = true;
    (async () => {
      const position = await whereAmI();
      try {
        const outcome = await checkIn(row, position);
        setState({ step: "done", outcome, ...position });
      } catch (error) {
        setState({ step: "failed", error });
      }
    })();
  }, [row]);

  const take = async (next: File[]) => {
    const fresh = next.filter((photo) => !photos.includes(photo));
    setPhotos(next);
    try {
      await addPhotos(row.id, fresh);
    } catch (error) {
      setPhotos(photos);
      setState({ step: "failed", error });
    }
  };
  const saved = state.step === "done" && state.outcome.state === "sent" ? state.outcome.data : row;
  const distance = typeof saved.distance_m === "number" ? saved.distance_m : undefined;
  return (
    <DialogFrame
      title={t("activities:check_in.title", { name: String(row.subject ?? "") })}
      close={close}
      footer={
        <>
          <Button onClick={close}>{t("activities:check_in.later")}</Button>
          <Button
            type="primary"
            disabled={state.step !== "done"}
            onClick={() => {
              close();
              openDialog("activities.log", { row: { ...row, ...saved } });
            }}
          >
            {t("activities:check_in.log")}
          </Button>
        </>
      }
    >
      <div role="status" className={styles.checkIn} data-step={state.step}>
        {state.step === "locating" ? <p>{t("activities:check_in.locating")}</p> : null}
        {state.step === "failed" ? <p>{problems.text(state.error)}</p> : null}
        {state.step === "done" ? (
          <>
            <strong>
              {t("activities:check_in.done", {
                time: format.time(String(saved.checked_in_at ?? new Date().toISOString())),
              })}
            </strong>
            {state.position === "located" ? (
              <p>
                {distance === undefined
                  ? t("activities:check_in.located", { accuracy: state.accuracy_m ?? 0 })
                  : t("activities:check_in.distance", {
                      distance: sayDistance(distance, i18n.language),
                      accuracy: state.accuracy_m ?? 0,
                    })}
              </p>
            ) : (
              <p>{t(`activities:check_in.${state.position}`)}</p>
            )}
            {state.outcome.state === "queued" ? <p>{t("activities:queued_said")}</p> : null}
          </>
        ) : null}
      </div>
      {state.step === "done" ? <PhotoInput value={photos} onChange={take} /> : null}
    </DialogFrame>
  );
}
