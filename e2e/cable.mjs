// The cable between a browser and the server, which a story may cut in the middle of a request.
import { connect, createServer } from "node:net";

/**
 * Where a cut falls: before the server has anything of the request, in the middle of it, after the server has done its work
 * and before the browser hears of it, in the middle of the answer.
 */
export const places = ["request", "half_request", "answer", "half_answer"];

/**
 * Stands between the browser and `house`. `cut(place, counts)` cuts every connection at the next write that `counts`, and
 * leaves the cable down until `mend()`. `onWrite` hears the first line of each write.
 */
export async function cable(house) {
  const { hostname, port } = new URL(house.base);
  const open = new Set();
  const it = { isDown: false, onWrite: () => undefined, cuts: 0 };
  let planned;
  const cutAll = () => {
    if (it.isDown) return;
    planned = undefined;
    it.isDown = true;
    it.cuts += 1;
    for (const socket of open) socket.destroy();
  };
  const server = createServer((browser) => {
    if (it.isDown) return browser.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [browser, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => undefined);
    }
    browser.on("close", () => far.destroy());
    far.on("close", () => browser.destroy());
    /** The place of a cut that this connection's request has come to. */
    let due;
    /** Half has passed: nothing more does. */
    let isOver = false;
    const half = (bytes, to) => {
      isOver = true;
      to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => setTimeout(cutAll, 20));
    };
    browser.on("data", (bytes) => {
      if (isOver) return;
      const line = /^(POST|PUT|PATCH|DELETE) (\S+) HTTP/.exec(bytes.subarray(0, 400).toString("latin1"));
      if (line) {
        it.onWrite(line[0]);
        if (planned?.counts(line[0])) due = planned.place;
      }
      if (due === "request") return cutAll();
      if (due === "half_request") return half(bytes, far);
      far.write(bytes);
    });
    far.on("data", (bytes) => {
      if (isOver) return;
      if (due === "answer") return cutAll();
      if (due === "half_answer") return half(bytes, browser);
      browser.write(bytes);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  it.base = `http://127.0.0.1:${server.address().port}`;
  it.cut = (place, counts = () => true) => (planned = { place, counts });
  it.mend = () => (it.isDown = false);
  it.close = () => {
    for (const socket of open) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return it;
}

/** Numbers between 0 and 1 that are the same for each run of a story (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
