/** Saves what a part of the page shows as a PNG, as it stands: charts, tables, and all that is drawn with boxes. */

/** What of a computed style a picture needs. */
const drawn = `
  display position top right bottom left z-index box-sizing width height min-width max-width
  margin padding border border-top border-right border-bottom border-left border-radius
  border-collapse border-spacing background-color background-image color opacity font
  letter-spacing text-align text-decoration text-overflow text-transform vertical-align
  white-space overflow flex flex-direction flex-wrap align-items align-content align-self
  justify-content gap grid-template-columns grid-template-rows grid-column grid-row transform
  fill stroke stroke-width table-layout visibility clip-path list-style appearance
`
  .trim()
  .split(/\s+/);

const sharpness = 2;

function copy(element: Element): Element | null {
  if (element.matches("[data-picture=without]")) return null;
  const clone = element.cloneNode(false) as Element;
  const style = getComputedStyle(element);
  if (clone instanceof HTMLElement || clone instanceof SVGElement) {
    for (const name of drawn) clone.style.setProperty(name, style.getPropertyValue(name));
    clone.style.setProperty("animation", "none");
  }
  for (const child of element.childNodes) {
    const part = child instanceof Element ? copy(child) : child.cloneNode();
    if (part) clone.append(part);
  }
  return clone;
}

/** A file's name without what file systems refuse. */
const fileName = (title: string) => `${title.replace(/[\\/:*?"<>|]+/g, " ").trim()}.png`;

export async function savePicture(element: HTMLElement, title: string): Promise<void> {
  const { width, height } = element.getBoundingClientRect();
  const clone = copy(element);
  if (!clone) return;
  clone.setAttribute("xmlns", "http://www.w3.org/1999/xhtml");
  const body = new XMLSerializer().serializeToString(clone);
  const size = `width="${width}" height="${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><foreignObject ${size}>${body}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * sharpness);
  canvas.height = Math.ceil(height * sharpness);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(sharpness, sharpness);
  context.drawImage(image, 0, 0);
  const link = document.createElement("a");
  link.download = fileName(title);
  link.href = canvas.toDataURL("image/png");
  link.click();
}
