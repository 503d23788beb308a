import { DownOutlined, UpOutlined } from "@ant-design/icons";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { choiceOf, isChosen, withEvent, withResource } from "./chosen";
import { useEventName, useEvents } from "./webhooks";
import styles from "./webhooks.module.css";

type Props = { value?: string[]; onChange?: (events: string[]) => void };

/** The events of a webhook, by resource: all of it, or some of what happens to it. */
export function EventsInput({ value = [], onChange }: Props) {
  const { t } = useTranslation("webhooks");
  const { verb: nameOf } = useEventName();
  const events = useEvents();
  const [open, setOpen] = useState<readonly string[]>([]);
  if (events.isError) return <ErrorNotice error={events.error} retry={() => events.refetch()} />;
  if (!events.data) return <Bar />;
  return (
    <ul className={styles.events}>
      {events.data.map(({ resource, verbs }) => {
        const title = t(`${resource}:title`);
        const isOpen = open.includes(resource);
        const choice = choiceOf(value, resource);
        const chosen = t(`webhooks:chosen.${choice}`);
        return (
          <li key={resource}>
            <div className={styles.resource}>
              <Checkbox
                checked={choice === "all"}
                indeterminate={choice === "some"}
                onChange={(event) =>
                  onChange?.(withResource(value, resource, event.target.checked))
                }
              >
                {title}
              </Checkbox>
              <Button
                type="text"
                size="small"
                icon={isOpen ? <UpOutlined /> : <DownOutlined />}
                iconPlacement="end"
                aria-expanded={isOpen}
                aria-label={t("webhooks:choose", { chosen, resource: title })}
                onClick={() =>
                  setOpen(isOpen ? open.filter((name) => name !== resource) : [...open, resource])
                }
              >
                {chosen}
              </Button>
            </div>
            {isOpen ? (
              <fieldset className={styles.verbs} aria-label={title}>
                {verbs.map((verb) => (
                  <Checkbox
                    key={verb}
                    checked={isChosen(value, resource, verb)}
                    onChange={() => onChange?.(withEvent(value, resource, verb, verbs))}
                  >
                    {nameOf(verb)}
                  </Checkbox>
                ))}
              </fieldset>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
