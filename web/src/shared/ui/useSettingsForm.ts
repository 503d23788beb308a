import { type QueryKey, useQuery } from "@tanstack/react-query";
import { App, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import { useProblems } from "./problems";

/** Settings at an address and the form that changes them: what is refused stands at the field of `names` that it is about. */
export function useSettingsForm<Values extends object>(
  path: string,
  queryKey: QueryKey,
  names: readonly string[],
) {
  const { t } = useTranslation("settings");
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const [form] = Form.useForm<Values>();
  const [isBusy, setIsBusy] = useState(false);
  const settings = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.get<Values>(path, undefined, signal),
  });
  const save = async (values: Values) => {
    setIsBusy(true);
    try {
      await api.patch(path, values);
      await queryClient.invalidateQueries({ queryKey });
      message.success(t("settings:saved"));
    } catch (error) {
      const sorted = problems.sort(error, [...names]);
      const wrong = Object.entries(sorted.fields);
      form.setFields(wrong.map(([name, text]) => ({ name: name as never, errors: [text] })));
      if (wrong.length === 0) message.error([problems.text(error), ...sorted.others].join(" "));
    } finally {
      setIsBusy(false);
    }
  };
  return {
    settings,
    isBusy,
    /** Of the form, once the settings are there. */
    props: {
      form,
      layout: "vertical" as const,
      initialValues: settings.data,
      onFinish: save,
      disabled: Boolean(me.preview),
    },
  };
}
