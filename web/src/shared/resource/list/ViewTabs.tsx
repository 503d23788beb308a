import { DownOutlined, TeamOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Form, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useProblems } from "@/shared/ui/problems";
import { useNames } from "../names";
import styles from "./list.module.css";
import { type ListState, viewKey } from "./useListState";

type Shared = Schemas["Shared"];

/** The views as tabs: standard ones, then saved ones; what the person changed can be kept as a view. */
export function ViewTabs({ resource, state }: { resource: string; state: ListState }) {
  const { t } = useTranslation("app");
  const names = useNames();
  const me = useMe();
  const { message } = App.useApp();
  const problems = useProblems();
  const [isNaming, setIsNaming] = useState(false);
  const { view, views } = state;
  const isMine = Boolean(view.id) && (view.owner_id === me.person.id || view.can?.includes("edit"));
  const content = {
    filter: state.filter,
    sort: state.sort ?? null,
    columns: state.columns.map((column) => column.name),
  };
  const goTo = (key: string | null) => {
    state.set({ view: key, f: null, sort: null, q: null, open: null });
  };
  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: keys.views(resource) });
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const saveAs = ({ name, shared }: { name: string; shared: Shared }) =>
    run(async () => {
      const { data } = await api.post<Schemas["ViewRow"]>("/views", {
        resource,
        name,
        shared,
        ...content,
      });
      setIsNaming(false);
      await queryClient.invalidateQueries({ queryKey: keys.views(resource) });
      state.setColumns(null);
      goTo(viewKey(data));
    });
  const update = () =>
    run(async () => {
      await api.patch(`/views/${view.id}`, content, view.version);
      state.setColumns(null);
      state.set({ f: null, sort: null });
    });
  const remove = () =>
    run(async () => {
      await api.delete(`/views/${view.id}`, view.version);
      goTo(null);
    });
  const reset = () => {
    state.setColumns(null);
    state.set({ f: null, sort: null });
  };
  const menu = [
    ...(isMine && state.isModified
      ? [{ key: "update", label: t("app:views.update"), onClick: update }]
      : []),
    { key: "save", label: t("app:views.save_as"), onClick: () => setIsNaming(true) },
    ...(state.isModified ? [{ key: "reset", label: t("app:views.reset"), onClick: reset }] : []),
    ...(isMine
      ? [{ key: "remove", danger: true, label: t("app:views.remove"), onClick: remove }]
      : []),
  ];
  return (
    <div className={styles.tabsBar}>
      <nav className={styles.tabs} aria-label={t("app:views.title")}>
        {views.map((entry) => {
          const isCurrent = viewKey(entry) === viewKey(view);
          return (
            <button
              type="button"
              key={viewKey(entry)}
              className={styles.tab}
              aria-current={isCurrent ? "page" : undefined}
              onClick={() => goTo(viewKey(entry))}
            >
              {names.view(resource, entry)}
              {entry.id && entry.shared !== "me" ? (
                <TeamOutlined className={styles.sharedIcon} aria-label={t("app:views.shared")} />
              ) : null}
              {isCurrent && state.isModified ? (
                <span className={styles.modified} title={t("app:views.modified")} />
              ) : null}
            </button>
          );
        })}
      </nav>
      <Dropdown trigger={["click"]} menu={{ items: menu }}>
        <Button type="text" size="small" className={styles.viewMenu}>
          {t(state.isModified ? "app:views.modified_short" : "app:views.menu")} <DownOutlined />
        </Button>
      </Dropdown>
      <Modal
        open={isNaming}
        title={t("app:views.save_as")}
        footer={null}
        destroyOnHidden
        onCancel={() => setIsNaming(false)}
      >
        <Form<{ name: string; shared: Shared }>
          layout="vertical"
          initialValues={{ shared: "me" }}
          onFinish={saveAs}
        >
          <Form.Item
            name="name"
            label={t("app:views.name")}
            rules={[{ required: true, message: t("app:views.name_missing") }]}
          >
            <Input autoFocus maxLength={60} />
          </Form.Item>
          <Form.Item name="shared" label={t("app:views.who")}>
            <Segmented<Shared>
              options={[
                { value: "me", label: t("app:views.me") },
                { value: "team", label: t("app:views.team") },
                { value: "all", label: t("app:views.everyone") },
              ]}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {t("app:save")}
          </Button>
        </Form>
      </Modal>
    </div>
  );
}
