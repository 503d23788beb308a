import type { Write, WriteFile } from "./writes";

/**
 * The write's fields and files as one body, the same bytes each time: by that the server knows a repeated request. The
 * browser's own forms have a boundary by chance.
 */
export function multipart(write: Write, files: WriteFile[]): Blob {
  const boundary = `chengdan-${write.key}`;
  const parts: BlobPart[] = [];
  const quoted = (text: string) =>
    text.replace(/[\r\n"]/g, (character) => encodeURIComponent(character));
  for (const [name, value] of Object.entries((write.body ?? {}) as Record<string, string>)) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
    );
  }
  for (const file of files) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\n` +
        `Content-Type: ${file.type || "application/octet-stream"}\r\n\r\n`,
      file.bytes,
      "\r\n",
    );
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}
