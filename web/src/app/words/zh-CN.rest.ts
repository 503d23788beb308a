/** What the pages after sign-in say: any of them may show a reference to any resource. */
export const words = import.meta.glob<object>(
  ["../../../../locales/zh-CN/*.json", "!**/{app,sign_in,problems}.json"],
  { eager: true, import: "default" },
);
