import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { filesOf, useOffline, type Write } from "@/shared/offline/offline";
import styles from "./waiting.module.css";

type Kept = { name: string; address: string | undefined };

/** The files of a write and of those that belong to it, as they lie on this device. */
export function Pictures({ write }: { write: Write }) {
  const { t } = useTranslation("waiting");
  const { writes } = useOffline();
  const [files, setFiles] = useState<Kept[]>([]);
  const ids = writes
    .filter((one) => one.files > 0 && (one.id === write.id || one.after === write.id))
    .map((one) => one.id)
    .join();
  useEffect(() => {
    let kept: Kept[] = [];
    let isOver = false;
    const drop = () => {
      for (const { address } of kept) if (address) URL.revokeObjectURL(address);
    };
    const read = async () => {
      const found = (await Promise.all(ids.split(",").map(filesOf))).flat();
      if (isOver) return;
      kept = found.map(({ name, type, bytes }) => ({
        name,
        address: type.startsWith("image/")
          ? URL.createObjectURL(new Blob([bytes], { type }))
          : undefined,
      }));
      setFiles(kept);
    };
    if (ids) read();
    return () => {
      isOver = true;
      drop();
    };
  }, [ids]);
  if (!ids || files.length === 0) return null;
  return (
    <section className={styles.field} aria-label={t("waiting:pictures")}>
      <h2>{t("waiting:pictures")}</h2>
      <div className={styles.pictures}>
        {files.map(({ name, address }) => (
          <figure key={address ?? name}>
            {address ? <img src={address} alt={name} /> : null}
            <figcaption>{name}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
