import { Alert, Form, InputNumber, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeta } from "@/api/queries";
import { newKey } from "@/api/request";
import type { Row } from "@/api/types";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { change, changesOf, create } from "@/shared/resource/save";
import { useProblems } from "@/shared/ui/problems";
import { scaleOf } from "./scale";

type Values = { team_id: string | null; good_from: number; fair_from: number };

const fields = ["team_id", "good_from", "fair_from"] as const;

/** Sets from which figure on a metric is good or fair, in the unit that people read. */
export function ThresholdDialog(props: {
  metric: Row;
  threshold: Row | undefined;
  close: () => void;
}) {
  const { metric, threshold, close } = props;
  const { t } = useTranslation(["metric_thresholds", "app"]);
  const { currency } = useMeta();
  const problems = useProblems();
  const [form] = Form.useForm<Values>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const key = useRef(newKey());
  const unit = String(metric.unit);
  const scale = scaleOf(unit);
  const suffix = { money: currency, ratio: "%", days: t("metric_thresholds:days") }[unit];
  const save = async (values: Values) => {
    setIsBusy(true);
    setError(undefined);
    const stored = {
      team_id: values.team_id ?? null,
      good_from: scale.store(values.good_from),
      fair_from: scale.store(values.fair_from),
    };
    try {
      if (threshold) await change("metric_thresholds", threshold, changesOf(stored, threshold));
      else {
        const made = { ...stored, metric_id: metric.id };
        await create("metric_thresholds", made, key.current);
      }
      close();
    } catch (caught) {
      key.current = newKey();
      const sorted = problems.sort(caught, fields);
      const wrong = fields.filter((name) => sorted.fields[name]);
      form.setFields(wrong.map((name) => ({ name, errors: [sorted.fields[name] ?? ""] })));
      const isAtFields = wrong.length > 0 && sorted.others.length === 0;
      setError(isAtFields ? undefined : [problems.text(caught), ...sorted.others].join(" "));
    } finally {
      setIsBusy(false);
    }
  };
  const missing = (name: string) => [
    {
      required: true,
      message: t("app:form.required", { field: t(`metric_thresholds:fields.${name}`) }),
    },
  ];
  return (
    <Modal
      open
      title={t(threshold ? "metric_thresholds:edit" : "metric_thresholds:add")}
      okText={t("app:save")}
      okButtonProps={{ loading: isBusy }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        onFinish={save}
        initialValues={{
          team_id: threshold?.team_id ?? null,
          good_from: threshold ? scale.show(Number(threshold.good_from)) : undefined,
          fair_from: threshold ? scale.show(Number(threshold.fair_from)) : undefined,
        }}
      >
        {error ? <Alert type="error" showIcon role="alert" title={error} /> : null}
        <Form.Item
          name="team_id"
          label={t("metric_thresholds:fields.team_id")}
          extra={t("metric_thresholds:team_text")}
        >
          <ReferenceInput resource="teams" placeholder={t("metric_thresholds:everybody")} />
        </Form.Item>
        <Form.Item
          name="good_from"
          label={t("metric_thresholds:fields.good_from")}
          rules={missing("good_from")}
        >
          <InputNumber style={{ width: "100%" }} suffix={suffix} />
        </Form.Item>
        <Form.Item
          name="fair_from"
          label={t("metric_thresholds:fields.fair_from")}
          extra={t("metric_thresholds:order_text")}
          rules={missing("fair_from")}
        >
          <InputNumber style={{ width: "100%" }} suffix={suffix} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
