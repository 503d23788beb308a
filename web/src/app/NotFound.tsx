import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";

export function NotFound() {
  const { t } = useTranslation("app");
  return (
    <Empty title={t("app:not_found.title")} text={t("app:not_found.text")}>
      <Link to="/">{t("app:not_found.home")}</Link>
    </Empty>
  );
}

/** Shown when a page's code fails; after an update the old code files are gone, so a reload helps. */
export function RouteError() {
  const error = useRouteError();
  return <ErrorNotice error={error} retry={() => window.location.reload()} />;
}
