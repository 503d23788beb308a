import { Input, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { MoneyInput, type Typed } from "@/shared/fields/MoneyInput";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { Chips } from "@/shared/ui/Chips";
import { PhotoInput } from "../form/PhotoInput";
import { nameOf, type Step } from "./template";
import styles from "./templates.module.css";

type Props = {
  step: Step;
  value: unknown;
  onChange: (value: unknown) => void;
  photos: File[];
  onPhotos: (photos: File[]) => void;
};
type Price = { competitor?: string; price?: Typed; offer?: string };

/** The input of one step, by the type of its answer. */
export function StepAnswer({ step, value, onChange, photos, onPhotos }: Props) {
  const { t, i18n } = useTranslation(["activities", "app"]);
  const label = nameOf(step, i18n.language);
  switch (step.type) {
    case "yes_no":
      return (
        <Chips
          label={label}
          canClear
          value={value === true ? "yes" : value === false ? "no" : null}
          onChange={(next) => onChange(next === null ? null : next === "yes")}
          options={[
            { value: "yes", label: t("app:yes") },
            { value: "no", label: t("app:no") },
          ]}
        />
      );
    case "choice":
      return (
        <Chips
          label={label}
          canClear
          value={(value as string | null) ?? null}
          onChange={onChange}
          options={(step.choices ?? []).map((choice) => ({
            value: choice.code,
            label: nameOf(choice, i18n.language),
          }))}
        />
      );
    case "number":
      return (
        <InputNumber
          value={value as number | null}
          aria-label={label}
          inputMode="decimal"
          style={{ width: 160 }}
          onChange={(next) => onChange(next)}
        />
      );
    case "photo":
      return (
        <StepPhotos
          step={step}
          value={value}
          onChange={onChange}
          photos={photos}
          onPhotos={onPhotos}
        />
      );
    case "products":
      return (
        <ReferenceInput
          multiple
          resource="products"
          aria-label={label}
          value={(value as string[] | null) ?? []}
          onChange={onChange}
        />
      );
    case "competitor_price": {
      const price = (value ?? {}) as Price;
      const set = (change: Price) => {
        const next = { ...price, ...change };
        onChange(next.competitor || next.price || next.offer ? next : null);
      };
      return (
        <div className={styles.prices}>
          <Input
            value={price.competitor ?? ""}
            placeholder={t("activities:steps.competitor")}
            aria-label={`${label} ${t("activities:steps.competitor")}`}
            onChange={(event) => set({ competitor: event.target.value })}
          />
          <MoneyInput
            value={price.price ?? null}
            onChange={(next) => set({ price: next })}
            aria-label={`${label} ${t("activities:steps.price")}`}
          />
          <Input
            value={price.offer ?? ""}
            placeholder={t("activities:steps.offer")}
            aria-label={`${label} ${t("activities:steps.offer")}`}
            onChange={(event) => set({ offer: event.target.value })}
          />
        </div>
      );
    }
    default:
      return (
        <Input.TextArea
          value={(value as string | null) ?? ""}
          autoSize={{ minRows: 1, maxRows: 6 }}
          aria-label={label}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
  }
}

/** The step's own pictures among those of the visit; they bear its name, so that each can be told later. */
function StepPhotos({ step, value, onChange, photos, onPhotos }: Props) {
  const { i18n } = useTranslation();
  const names = Array.isArray(value) ? (value as string[]) : [];
  const own = photos.filter((photo) => names.includes(photo.name));
  const change = (next: File[]) => {
    const named = next.map((photo, index) =>
      own.includes(photo)
        ? photo
        : new File([photo], `${nameOf(step, i18n.language)}-${index + 1}.jpg`, {
            type: photo.type,
            lastModified: photo.lastModified,
          }),
    );
    onPhotos([...photos.filter((photo) => !own.includes(photo)), ...named]);
    onChange(named.length > 0 ? named.map((photo) => photo.name) : null);
  };
  return <PhotoInput value={own} onChange={change} />;
}
