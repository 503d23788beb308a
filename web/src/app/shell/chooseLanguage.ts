import { keys, queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Language } from "@/api/types";
import { changeLanguage } from "@/app/i18n";

/** Saves the language for the person as well, so that mails and exports speak it too. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  queryClient.setQueryData(keys.session, (me: { person: object } | null | undefined) =>
    me ? { ...me, person: { ...me.person, language } } : me,
  );
  await api.patch("/me", { language });
}
