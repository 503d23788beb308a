import { type ComponentType, lazy, useEffect, useState } from "react";

type Code = { load: () => Promise<void>; isHere: () => boolean };

/** A component whose code comes when it is wanted, and which stands there at once where `useIsHere` waited for it. */
export type Piece<P> = ComponentType<P> & Code;

export function piece<P extends object>(load: () => Promise<ComponentType<P>>): Piece<P> {
  let here: ComponentType<P> | undefined;
  let coming: Promise<ComponentType<P>> | undefined;
  const get = () => {
    coming ??= load().then(
      (Loaded) => {
        here = Loaded;
        return Loaded;
      },
      (error: unknown) => {
        coming = undefined;
        throw error;
      },
    );
    return coming;
  };
  const Later = lazy(async () => ({ default: await get() }));
  function Shown(props: P) {
    const [Loaded] = useState(() => here ?? Later);
    return <Loaded {...props} />;
  }
  return Object.assign(Shown, { load: async () => void (await get()), isHere: () => !!here });
}

/** Whether the piece's code is here; asks for it if it isn't. A failure shows where the piece is used. */
export function useIsHere(wanted: Code | undefined): boolean {
  const [isSettled, setIsSettled] = useState(false);
  const isHere = wanted?.isHere() ?? true;
  useEffect(() => {
    if (isHere) return;
    const settle = () => setIsSettled(true);
    wanted?.load().then(settle, settle);
  }, [wanted, isHere]);
  return isHere || isSettled;
}
