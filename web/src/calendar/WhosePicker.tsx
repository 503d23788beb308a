import { TeamOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { useIsPhone } from "@/shared/ui/useMedia";
import styles from "./calendar.module.css";
import type { Whose } from "./question";

type Props = { whose: Whose; choose: (whose: Whose) => void };

/** Whose time is shown: one's own, a team's, or that of some people side by side. */
export function WhosePicker({ whose, choose }: Props) {
  const { t } = useTranslation("calendar");
  const me = useMe();
  const isPhone = useIsPhone();
  const first = useReferenceLabel("people", whose.people?.[0]);
  const team = useReferenceLabel("teams", whose.team_id);
  const others = whose.people ?? [];
  const said = whose.team_id
    ? team
    : others.length === 0
      ? t("calendar:whose.me")
      : others.length === 1
        ? first
        : t("calendar:whose.some", { name: first, count: others.length });
  const isOwn = !whose.team_id && others.length === 0;
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <div className={styles.whose}>
          <Button block disabled={isOwn} onClick={() => choose({})}>
            {t("calendar:whose.me")}
          </Button>
          {me.person.team_id ? (
            <Button
              block
              disabled={whose.team_id === me.person.team_id}
              onClick={() => choose({ team_id: me.person.team_id ?? undefined })}
            >
              {t("calendar:whose.team")} {me.person.team_name}
            </Button>
          ) : null}
          <div className={styles.whoseField}>
            <span>{t("calendar:whose.people")}</span>
            <ReferenceInput
              multiple
              resource="people"
              aria-label={t("calendar:whose.people")}
              value={others}
              onChange={(people) => choose({ people })}
            />
          </div>
          <div className={styles.whoseField}>
            <span>{t("calendar:whose.other_team")}</span>
            <ReferenceInput
              resource="teams"
              aria-label={t("calendar:whose.other_team")}
              value={whose.team_id ?? null}
              onChange={(team_id) => choose({ team_id: team_id ?? undefined })}
            />
          </div>
        </div>
      }
    >
      <Button
        className={isOwn ? undefined : styles.whoseOthers}
        icon={<TeamOutlined />}
        aria-label={said}
      >
        {isPhone && isOwn ? null : (said ?? "…")}
      </Button>
    </Popover>
  );
}
