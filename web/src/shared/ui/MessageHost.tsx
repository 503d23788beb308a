import { App } from "antd";
import { useEffect } from "react";
import type { Messages } from "./MessageProvider";

export function MessageHost({ onReady }: { onReady: (messages: Messages) => void }) {
  const { message } = App.useApp();
  useEffect(() => onReady(message), [onReady, message]);
  return null;
}
