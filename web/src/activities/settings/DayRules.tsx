import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import { TimeInput } from "@/shared/fields/TimeInput";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useSettingsForm } from "@/shared/ui/useSettingsForm";
import styles from "./settings.module.css";

const levels = ["A", "B", "C", "D"] as const;

type Settings = {
  /** How many days late a deed may be logged. */
  backdate_days: number;
  /** `HH:mm`. */
  work_from: string;
  work_until: string;
  /** Days after which a customer of a level should be seen again. */
  level_rhythm_days: Record<(typeof levels)[number], number>;
};

type Rule = { code: string; is_on: boolean; figures?: Record<string, number> };

const settingsKey = ["settings"] as const;
const figures = ["backdate_days", "work_from", "work_until"];
const rulesKey = ["settings", "suggestions"] as const;

/** What holds for everybody's day: late logging, working hours, rhythm of visits, and what Today suggests. */
export function DayRules() {
  const { t } = useTranslation(["activities", "settings"]);
  return (
    <div className={styles.page}>
      <h2>{t("settings:pages.day_rules")}</h2>
      <Figures />
      <Rules />
    </div>
  );
}

function Figures() {
  const { t } = useTranslation(["activities", "app", "settings"]);
  const { settings, isBusy, props } = useSettingsForm<Settings>("/settings", settingsKey, figures);
  if (settings.isError) {
    return <ErrorNotice error={settings.error} retry={() => settings.refetch()} />;
  }
  if (!settings.data) return <Bar />;
  const times = [
    ["work_from", t("activities:settings.work_from")],
    ["work_until", t("activities:settings.work_until")],
  ] as const;
  return (
    <Form {...props}>
      <Form.Item
        name="backdate_days"
        label={t("activities:settings.backdate_days")}
        extra={t("activities:settings.backdate_text")}
      >
        <InputNumber min={0} max={365} precision={0} />
      </Form.Item>
      <div className={styles.figures}>
        {times.map(([name, label]) => (
          <Form.Item key={name} name={name} label={label}>
            <Clock label={label} />
          </Form.Item>
        ))}
      </div>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t("activities:settings.rhythm")}</legend>
        <div className={styles.figures}>
          {levels.map((level) => (
            <Form.Item
              key={level}
              name={["level_rhythm_days", level]}
              label={t(`customers:choices.level.${level}`)}
            >
              <InputNumber min={1} max={730} precision={0} style={{ width: 88 }} />
            </Form.Item>
          ))}
        </div>
      </fieldset>
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {t("app:save")}
      </Button>
    </Form>
  );
}

/** A time of the day as a field of a form. */
function Clock({
  label,
  value = "09:00",
  onChange = () => undefined,
}: {
  label: string;
  value?: string;
  onChange?: (time: string) => void;
}) {
  return <TimeInput value={value} onChange={onChange} aria-label={label} />;
}

function Rules() {
  const { t } = useTranslation("activities");
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const rules = useQuery({
    queryKey: rulesKey,
    queryFn: async ({ signal }) => {
      const answer = await api.get<{ rows: Rule[] }>("/settings/suggestions", undefined, signal);
      return answer.rows;
    },
  });
  if (rules.isError) return <ErrorNotice error={rules.error} retry={() => rules.refetch()} />;
  if (!rules.data) return <Bar />;
  const change = async (rule: Rule, changes: Partial<Rule>) => {
    try {
      await api.patch("/settings/suggestions", { rules: [{ code: rule.code, ...changes }] });
      await queryClient.invalidateQueries({ queryKey: rulesKey });
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  return (
    <section>
      <h3>{t("activities:settings.suggestions")}</h3>
      <ul className={styles.rows}>
        {rules.data.map((rule) => (
          <li key={rule.code} className={styles.rule}>
            <div>
              {t(`activities:rules.${rule.code}`)}
              <p>{t(`activities:rule_texts.${rule.code}`)}</p>
            </div>
            {rule.figures?.days === undefined ? (
              <span />
            ) : (
              <InputNumber
                size="small"
                min={1}
                precision={0}
                style={{ width: 104 }}
                suffix={t("activities:settings.days")}
                defaultValue={rule.figures.days}
                disabled={!rule.is_on || Boolean(me.preview)}
                aria-label={t("activities:settings.rule_days", {
                  rule: t(`activities:rules.${rule.code}`),
                })}
                onBlur={(event) => {
                  const days = Number.parseInt(event.target.value, 10);
                  if (days > 0 && days !== rule.figures?.days) change(rule, { figures: { days } });
                }}
              />
            )}
            <Switch
              checked={rule.is_on}
              disabled={Boolean(me.preview)}
              aria-label={t(`activities:rules.${rule.code}`)}
              onChange={(next) => change(rule, { is_on: next })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
