import { useEffect, useRef, type RefObject } from "react";
import { useLanding } from "../../ui/useLanding.ts";

/** Where the focus goes when a button that was pressed has gone, and what is to be called when it is pressed. */
export function useLandingAfter<E extends HTMLElement>(isGone: boolean): readonly [RefObject<E | null>, () => void] {
  const isPressed = useRef(false);
  const [place, land] = useLanding<E>();
  useEffect(() => {
    if (isGone && isPressed.current) {
      isPressed.current = false;
      land("if lost");
    }
  }, [isGone, land]);
  const press = () => {
    isPressed.current = true;
  };
  return [place, press];
}
