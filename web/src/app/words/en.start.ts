/** What the pages before sign-in say. */
export const words = import.meta.glob<object>(
  "../../../../locales/en/{app,sign_in,problems}.json",
  { eager: true, import: "default" },
);
