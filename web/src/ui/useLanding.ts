import { useCallback, useRef, type RefObject } from "react";

/** A place for the focus, whose element needs `tabIndex={-1}`, and what takes the focus there. */
export type Landing<E> = readonly [RefObject<E | null>, (when?: "if lost") => void];

/**
 * Where the focus goes when what had it goes away or can no longer be pressed: whoever uses the keyboard would begin at the
 * top again. With "if lost" it stays with whoever has moved on meanwhile, and the page stays where it is: somebody reads it.
 */
export function useLanding<E extends HTMLElement>(): Landing<E> {
  const place = useRef<E>(null);
  const land = useCallback((when?: "if lost") => {
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body || activeElement.matches(":disabled");
    if (when === undefined || isLost) {
      place.current?.focus({ preventScroll: when === "if lost" });
    }
  }, []);
  return [place, land];
}
