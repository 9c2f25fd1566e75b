import { useCallback, useLayoutEffect, useRef, type RefCallback, type RefObject } from "react";
import { useLanding } from "../../ui/useLanding.ts";

/** Where the focus goes when a button that has it goes away, pressed or by itself; and what such a button takes as its ref. */
export function useLandingAfter<E extends HTMLElement>(): readonly [RefObject<E | null>, RefCallback<HTMLElement>] {
  const hadFocus = useRef(false);
  const [place, land] = useLanding<E>();
  const mayGo = useCallback((button: HTMLElement) => {
    // This is called while the button is still there for the last time: later, nobody can tell where the focus was.
    return () => {
      hadFocus.current ||= document.activeElement === button;
    };
  }, []);
  useLayoutEffect(() => {
    if (hadFocus.current) {
      hadFocus.current = false;
      land("if lost");
    }
  });
  return [place, mayGo];
}
