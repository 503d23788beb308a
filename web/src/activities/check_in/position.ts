import type { Position } from "../writes";

/** How long to wait for the satellites before saying that there is no position, in ms. */
const patience_ms = 10_000;

/**
 * Where this device is. Asks the person's leave; what isn't given is a result too, as is a device that doesn't know.
 * Answers metres of accuracy as the device tells them.
 */
export function whereAmI(): Promise<Position> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve({ position: "unavailable" });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          position: "located",
          latitude: coords.latitude,
          longitude: coords.longitude,
          accuracy_m: Math.round(coords.accuracy),
        }),
      (error) =>
        resolve({
          position: error.code === error.PERMISSION_DENIED ? "refused" : "unavailable",
        }),
      { enableHighAccuracy: true, timeout: patience_ms, maximumAge: 30_000 },
    );
  });
}
