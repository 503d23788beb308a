import { CameraOutlined, CloseOutlined } from "@ant-design/icons";
import { type ChangeEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "../activities.module.css";
import { downscaled, type NoPicture } from "./photo";

type Props = { value: File[]; onChange: (photos: File[]) => void; label?: string };

/** Takes pictures with the camera, or chooses them where there is none; shows what will be sent. */
export function PhotoInput({ value, onChange, label }: Props) {
  const { t } = useTranslation(["activities", "app"]);
  const picker = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [wrong, setWrong] = useState<{ name: string; why: NoPicture }>();
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    setIsBusy(true);
    setWrong(undefined);
    const pictures: File[] = [];
    for (const file of files) {
      const picture = await downscaled(file);
      if (typeof picture === "string") setWrong({ name: file.name, why: picture });
      else pictures.push(picture);
    }
    if (pictures.length > 0) onChange([...value, ...pictures]);
    setIsBusy(false);
  };
  return (
    <div className={styles.photos}>
      {value.map((photo) => (
        <Thumb
          key={`${photo.name}${photo.lastModified}${photo.size}`}
          photo={photo}
          remove={() => onChange(value.filter((other) => other !== photo))}
        />
      ))}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={label ?? t("activities:photo.take")}
        onChange={take}
      />
      <button
        type="button"
        className={styles.camera}
        aria-busy={isBusy || undefined}
        onClick={() => picker.current?.click()}
      >
        <CameraOutlined />
        {label ?? t("activities:photo.take")}
      </button>
      {wrong ? (
        <p role="alert" className={styles.wrong}>
          {t(`activities:photo.${wrong.why}`, { name: wrong.name })}
        </p>
      ) : null}
    </div>
  );
}

function Thumb({ photo, remove }: { photo: File; remove: () => void }) {
  const { t } = useTranslation("activities");
  const address = useMemo(() => URL.createObjectURL(photo), [photo]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <span className={styles.thumb}>
      <img src={address} alt={t("activities:photo.alt")} />
      <button type="button" aria-label={t("activities:photo.remove")} onClick={remove}>
        <CloseOutlined />
      </button>
    </span>
  );
}
