import { useQuery } from "@tanstack/react-query";
import { App, Button, Dropdown, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useProblems } from "@/shared/ui/problems";
import type { Mapping } from "../api";

const key = (resource: string) => ["import-mappings", resource];

/** Mappings kept for files of the same source. */
export function SavedMappings({
  resource,
  mapping,
  onTake,
}: {
  resource: string;
  mapping: Mapping;
  onTake: (mapping: Mapping) => void;
}) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const { message } = App.useApp();
  const problems = useProblems();
  const [name, setName] = useState<string>();
  const kept = useQuery({
    queryKey: key(resource),
    queryFn: async () =>
      (await api.get<Schemas["SavedMappings"]>("/import-mappings", { resource })).rows.filter(
        (entry) => entry.resource === resource,
      ),
    retry: false,
  });
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: key(resource) });
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const keep = () =>
    attempt(async () => {
      await api.post("/import-mappings", { resource, name: name?.trim(), mapping });
      setName(undefined);
      message.success(t("import_wizard:kept.done"));
    });
  const rows = kept.data ?? [];
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...rows.map((entry) => ({
              key: entry.id,
              label: t("import_wizard:kept.take", { name: entry.name }),
              onClick: () => onTake(entry.mapping as Mapping),
            })),
            { key: "keep", label: t("import_wizard:kept.keep"), onClick: () => setName("") },
            ...(rows.length > 0
              ? [
                  {
                    key: "drop",
                    label: t("import_wizard:kept.drop"),
                    children: rows.map((entry) => ({
                      key: `drop-${entry.id}`,
                      danger: true,
                      label: entry.name,
                      onClick: () => attempt(() => api.delete(`/import-mappings/${entry.id}`)),
                    })),
                  },
                ]
              : []),
          ],
        }}
      >
        <Button>{t("import_wizard:kept.title")}</Button>
      </Dropdown>
      <Modal
        open={name !== undefined}
        title={t("import_wizard:kept.keep")}
        okText={t("app:save")}
        okButtonProps={{ disabled: !name?.trim() }}
        onOk={keep}
        onCancel={() => setName(undefined)}
        destroyOnHidden
      >
        <Input
          autoFocus
          maxLength={80}
          value={name ?? ""}
          placeholder={t("import_wizard:kept.name")}
          aria-label={t("import_wizard:kept.name")}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => name?.trim() && keep()}
        />
      </Modal>
    </>
  );
}
