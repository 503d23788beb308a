import type { Feature } from "@/shared/features";

/** What was done on this device and the server doesn't have yet. */
export const waiting: Feature = {
  name: "waiting",
  routes: [
    {
      path: "/waiting",
      lazy: async () => ({ Component: (await import("./WaitingPage")).WaitingPage }),
    },
    {
      path: "/waiting/:id",
      lazy: async () => ({ Component: (await import("./WritePage")).WritePage }),
    },
  ],
};
