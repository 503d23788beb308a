import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe, useResource } from "@/api/queries";
import { useResourceUi } from "@/shared/features";
import { Empty } from "@/shared/ui/Empty";
import { useCreate } from "../CreateProvider";

type Props = {
  resource: string;
  /** Whether the person's own filter or search left nothing. */
  isNarrowed: boolean;
  clear: () => void;
  /** Shows what the view leaves out, if it does. */
  showAll?: () => void;
};

/** Says why there is nothing and offers the next step. */
export function EmptyList({ resource, isNarrowed, clear, showAll }: Props) {
  const { t } = useTranslation("app");
  const create = useCreate();
  const navigate = useNavigate();
  const me = useMe();
  const ui = useResourceUi(resource);
  const actions = useResource(resource)?.actions ?? [];
  const mayCreate = actions.includes("create") && !me.preview && !ui?.isPart;
  const mayImport = actions.includes("import") && !me.preview;
  if (isNarrowed) {
    return (
      <Empty title={t("app:list.no_match")} text={t("app:list.no_match_text")}>
        <Button onClick={clear}>{t("app:list.show_view")}</Button>
      </Empty>
    );
  }
  const title = showAll ? t("app:list.view_empty") : t(`${resource}:empty.title`);
  return (
    <Empty icon={ui?.icon} title={title} text={t(`${resource}:empty.text`)}>
      {mayCreate ? (
        <Button type="primary" onClick={() => create(resource)}>
          {t("app:new_one", { what: t(`${resource}:one`) })}
        </Button>
      ) : null}
      {mayImport && !showAll ? (
        <Button onClick={() => navigate(`/imports?resource=${resource}`)}>
          {t("app:list.import")}
        </Button>
      ) : null}
      {showAll ? <Button onClick={showAll}>{t("app:list.show_all")}</Button> : null}
    </Empty>
  );
}
