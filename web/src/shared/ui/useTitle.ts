import { useEffect } from "react";
import { useTranslation } from "react-i18next";

/** The browser tab's title: this page, then the product. */
export function useTitle(title: string | undefined) {
  const { t } = useTranslation("app");
  const product = t("app:product");
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title, product]);
}
