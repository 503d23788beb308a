import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { itemText } from "@/shared/ui/problems";
import type { Trouble } from "../api";

/** Why a cell was refused: as the server says it, else by its code. */
export function useReason() {
  const { t, i18n } = useTranslation("problems");
  return useCallback(
    (trouble: Trouble) =>
      trouble.message ??
      itemText({ pointer: "", code: trouble.code, params: trouble.params }, t, (key) =>
        i18n.exists(key),
      ),
    [t, i18n],
  );
}
