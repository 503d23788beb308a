import { App, Button } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { queue, type Write } from "@/shared/offline/offline";

/** Drops a write, and offers to take it back. */
export function useDiscard() {
  const { t } = useTranslation(["waiting", "app"]);
  const { message } = App.useApp();
  return useCallback(
    async (write: Write) => {
      const dropped = await queue.discard(write.id);
      const restore = async () => {
        message.destroy(write.id);
        await queue.restore(dropped);
      };
      message.open({
        key: write.id,
        type: "success",
        duration: 12,
        content: (
          <>
            {t("waiting:discarded", { count: dropped.length })}
            <Button type="link" size="small" onClick={restore}>
              {t("app:undo.action")}
            </Button>
          </>
        ),
      });
    },
    [t, message],
  );
}
