// What stories without a network share: looking into the device, taking pictures, waiting for what comes by itself.
import assert from "node:assert/strict";

/** What this browser keeps in one of its stores. */
export function kept(page, store) {
  return page.evaluate(async (name) => {
    if (!(await indexedDB.databases()).some((database) => database.name === "chengdan")) return [];
    const result = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await result(indexedDB.open("chengdan"));
    const rows = await result(database.transaction(name).objectStore(name).getAll());
    database.close();
    return rows;
  }, store);
}

export async function until(what, isTrue, seconds = 30) {
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

export const nothingIsLeft = (page, seconds) =>
  until("nothing is left to be sent", async () => (await kept(page, "writes")).length === 0, seconds);

/** The worker has all files of the web UI, and rows of these resources have been read ahead of need. */
export async function isReady(page, resources) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await until(`${resources} are on the device`, async () => {
    const rows = await kept(page, "rows");
    return resources.every((resource) => rows.some((row) => row.resource === resource));
  });
}

/** A picture as a camera takes it: larger than what is sent. */
export async function photo(page, name = "现场.jpg") {
  const picture = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 4000;
    canvas.height = 3000;
    const context = canvas.getContext("2d");
    for (let i = 0; i < 400; i += 1) {
      context.fillStyle = `hsl(${i * 7} 70% 50%)`;
      context.fillRect((i % 20) * 200, Math.floor(i / 20) * 150, 200, 150);
    }
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
  });
  return { name, mimeType: "image/jpeg", buffer: Buffer.from(picture, "base64") };
}

/** The pictures of an activity as the server has them: names and sizes in pixels. */
export function picturesOf(page, id) {
  return page.evaluate(async (id) => {
    const { rows } = await (await fetch(`/api/activities/${id}/attachments`)).json();
    return Promise.all(
      rows.map(async (row) => {
        const picture = await createImageBitmap(await (await fetch(`/api/attachments/${row.id}?inline=1`)).blob());
        return { name: row.name, width: picture.width, height: picture.height };
      }),
    );
  }, id);
}
