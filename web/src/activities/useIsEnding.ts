import { useWaiting } from "@/shared/offline/offline";

/** Whether this device has ended the activity and the server doesn't know yet. */
export function useIsEnding(id: string): boolean {
  return useWaiting("activities", id).some((write) => /\/(finish|cancel)$/.test(write.path));
}
