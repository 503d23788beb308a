import type { App } from "antd";
import {
  createContext,
  type PropsWithChildren,
  Suspense,
  useCallback,
  useContext,
  useRef,
  useState,
} from "react";
import { themed } from "./themed";

export type Messages = ReturnType<typeof App.useApp>["message"];
type Tell = (say: (messages: Messages) => void) => void;

const MessageHost = themed(async () => (await import("./MessageHost")).MessageHost);

const MessageContext = createContext<Tell>(() => undefined);

/** Says something above the page for a while: `tell((messages) => messages.info(text))`. */
export const useTell = () => useContext(MessageContext);

/** Holds the one place where messages show, whatever page the person goes to; its code comes with the first message. */
export function MessageProvider({ children }: PropsWithChildren) {
  const messages = useRef<Messages>(undefined);
  const unsaid = useRef<((messages: Messages) => void)[]>([]);
  const [isAsked, setIsAsked] = useState(false);
  const tell = useCallback<Tell>((say) => {
    if (messages.current) return say(messages.current);
    unsaid.current.push(say);
    setIsAsked(true);
  }, []);
  const start = useCallback((host: Messages) => {
    messages.current = host;
    for (const say of unsaid.current.splice(0)) say(host);
  }, []);
  return (
    <MessageContext value={tell}>
      {children}
      {isAsked ? (
        <Suspense fallback={null}>
          <MessageHost onReady={start} />
        </Suspense>
      ) : null}
    </MessageContext>
  );
}
