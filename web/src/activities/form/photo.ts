/** The longer side of a picture that is sent, in pixels. */
const side_px = 1600;
const quality = 0.82;

const blobOf = (canvas: HTMLCanvasElement, type: string) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));

/** What the server takes at most, in bytes. */
const size_max = 50 * 1024 * 1024;

/** Why a file can't be sent as a picture. */
export type NoPicture = "not_a_picture" | "too_large";

/** Kinds of pictures that cameras make and not every browser can read, told by their beginnings: HEIC, AVIF, TIFF. */
async function isForeignPicture(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return /^....ftyp(hei|mif|avi)/s.test(text) || /^(II\*\0|MM\0\*)/.test(text);
}

/**
 * The picture at most 1600 px large, as JPEG: a camera's 10 MB become some 300 kB. A camera's picture that this browser
 * can't read goes as it is, for the server to judge.
 */
export async function downscaled(file: File): Promise<File | NoPicture> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    if (!(await isForeignPicture(file))) return "not_a_picture";
    return file.size > size_max ? "too_large" : file;
  }
  const scale = Math.min(1, side_px / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  if (!context) return file;
  // JPEG knows no transparency; what shines through would turn black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await blobOf(canvas, "image/jpeg");
  if (!blob || (scale === 1 && blob.size >= file.size)) return file;
  return new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: blob.type });
}
