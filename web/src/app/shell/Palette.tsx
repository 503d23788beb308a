import { SearchOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { type ReactNode, useDeferredValue, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useThemeChoice } from "@/app/theme/scheme";
import { recordPath, useFeatures } from "@/shared/features";
import styles from "./shell.module.css";

import { useNavEntries } from "./useNavEntries";
import { useQuickAdd } from "./useQuickAdd";
import { useSignOut } from "./useSignOut";

type Item = {
  key: string;
  icon?: ReactNode;
  label: string;
  detail?: string | null;
  run: () => void;
};
type Section = { title: string; items: Item[] };

type Props = { open: boolean; setOpen: (open: boolean) => void; go: (path: string) => void };

/** Search and commands in one: records, pages and actions (Ctrl/⌘ K). */
export function Palette({ open, setOpen, go }: Props) {
  const { t } = useTranslation("app");
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      footer={null}
      closable={false}
      destroyOnHidden
      width={600}
      className={styles.palette}
      // Names the dialog for those who don't see it.
      title={t("app:search.title")}
      style={{ top: "12vh" }}
      styles={{ container: { padding: 0, overflow: "hidden" }, header: { display: "none" } }}
    >
      <PaletteBody close={() => setOpen(false)} go={go} />
    </Modal>
  );
}

function useSections(
  text: string,
  go: (path: string) => void,
): { sections: Section[]; busy: boolean } {
  const { t } = useTranslation("app");
  const [, chooseTheme] = useThemeChoice();
  const signOut = useSignOut();
  const query = text.trim();
  const found = useQuery({
    queryKey: ["search", query],
    queryFn: ({ signal }) =>
      api.get<Schemas["SearchAnswer"]>("/search", { q: query, limit: 8 }, signal),
    enabled: query.length > 0,
    placeholderData: keepPreviousData,
  });
  const icons = new Map(
    useFeatures().flatMap((feature) =>
      (feature.resources ?? []).map((ui) => [ui.resource, ui.icon]),
    ),
  );
  const matches = (label: string) => label.toLowerCase().includes(query.toLowerCase());
  const pages = useNavEntries()
    .map((entry) => ({
      key: entry.path,
      icon: entry.icon,
      label: t(entry.label),
      run: () => go(entry.path),
    }))
    .concat({
      key: "/recycle-bin",
      icon: null as never,
      label: t("app:recycle_bin.title"),
      run: () => go("/recycle-bin"),
    })
    .filter((item) => matches(item.label));
  const actions: Item[] = useQuickAdd()
    .map((item) => ({
      key: `new-${item.key}`,
      icon: item.icon,
      label: t("app:new_one", { what: item.label }),
      run: item.onClick,
    }))
    .concat(
      { key: "light", icon: null, label: t("app:theme.to_light"), run: () => chooseTheme("light") },
      { key: "dark", icon: null, label: t("app:theme.to_dark"), run: () => chooseTheme("dark") },
      { key: "sign-out", icon: null, label: t("app:sign_out"), run: signOut },
    )
    .filter((item) => matches(item.label));
  const records: Section[] =
    query.length === 0
      ? []
      : (found.data?.groups ?? []).map((group) => ({
          title: t(`${group.resource}:title`),
          items: group.hits.map((hit) => ({
            key: hit.id,
            icon: icons.get(group.resource),
            label: hit.label,
            detail: hit.detail,
            run: () => go(recordPath(group.resource, hit.id)),
          })),
        }));
  const sections = [
    ...records,
    { title: t("app:search.pages"), items: pages },
    { title: t("app:search.actions"), items: actions },
  ].filter((section) => section.items.length > 0);
  return { sections, busy: found.isFetching };
}

function PaletteBody({ close, go }: { close: () => void; go: (path: string) => void }) {
  const { t } = useTranslation("app");
  const [text, setText] = useState("");
  const deferred = useDeferredValue(text);
  const { sections, busy } = useSections(deferred, go);
  const items = sections.flatMap((section) => section.items);
  const [active, setActive] = useState(0);
  const listId = useId();
  const current = items[Math.min(active, items.length - 1)];

  useEffect(() => {
    document.getElementById(`${listId}-${current?.key}`)?.scrollIntoView({ block: "nearest" });
  }, [current?.key, listId]);

  const run = (item: Item | undefined) => {
    if (!item) return;
    close();
    item.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setActive(Math.min(active + 1, items.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter") run(current);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={styles.paletteInput}>
        <SearchOutlined />
        <input
          // biome-ignore lint/a11y/noAutofocus: the person asked for this dialog in order to type
          autoFocus
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={t("app:search.placeholder")}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}-${current.key}` : undefined}
          aria-label={t("app:search.title")}
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={t("app:search.title")}
        className={styles.paletteList}
      >
        {sections.map((section) => (
          // biome-ignore lint/a11y/useSemanticElements: a group inside a listbox has no element of its own
          <div key={section.title} role="group" aria-label={section.title}>
            <div className={styles.paletteTitle}>{section.title}</div>
            {section.items.map((item) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input above
              <div
                key={item.key}
                id={`${listId}-${item.key}`}
                role="option"
                tabIndex={-1}
                aria-selected={item === current}
                className={styles.paletteItem}
                onClick={() => run(item)}
                onMouseMove={() => setActive(items.indexOf(item))}
              >
                <span className={styles.paletteIcon}>{item.icon}</span>
                <span>{item.label}</span>
                {item.detail ? <small>{item.detail}</small> : null}
              </div>
            ))}
          </div>
        ))}
        {items.length === 0 && !busy ? (
          <p className={styles.paletteNone}>{t("app:search.none", { text: deferred })}</p>
        ) : null}
      </div>
    </>
  );
}
