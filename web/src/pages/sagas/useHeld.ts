import { useEffect, useRef, useState, type PointerEvent } from "react";
import type { SagaSummary } from "order-saga-client/operations";
import { heldRows, type Held } from "./held.ts";

const NONE: ReadonlySet<string> = new Set();

/** A mouse that has not moved for so long was left where it is: whoever is about to press something moves it. */
const RESTS_MS = 10_000;

/**
 * A list whose rows stay where they are while a mouse moves over it, so that nobody presses what was not there before; a list
 * that only stands in for another is not held.
 */
export function useHeld(sagas: readonly SagaSummary[], standsIn: boolean) {
  const [before, setBefore] = useState<readonly SagaSummary[]>();
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held: Held = before ? heldRows(before, sagas) : { rows: sagas, news: 0, gone: NONE };
  useEffect(() => () => clearTimeout(rest.current), []);
  const letGo = () => {
    clearTimeout(rest.current);
    setBefore(undefined);
  };
  const hold = ({ pointerType }: PointerEvent) => {
    if (pointerType === "mouse" && !standsIn) {
      clearTimeout(rest.current);
      rest.current = setTimeout(letGo, RESTS_MS);
      setBefore((rows) => rows ?? sagas);
    }
  };
  return { held, letGo, hands: { onPointerEnter: hold, onPointerMove: hold, onPointerLeave: letGo } };
}
