import { useState, type PointerEvent } from "react";
import type { SagaSummary } from "order-saga-client/operations";
import { heldRows, type Held } from "./held.ts";

const NONE: ReadonlySet<string> = new Set();

/**
 * A list whose rows stay where they are while a mouse is on them, so that nobody presses what was not there before; a list
 * that only stands in for another is not held.
 */
export function useHeld(sagas: readonly SagaSummary[], standsIn: boolean) {
  const [before, setBefore] = useState<readonly SagaSummary[]>();
  const held: Held = before ? heldRows(before, sagas) : { rows: sagas, news: 0, gone: NONE };
  return {
    held,
    hands: {
      onPointerEnter: ({ pointerType }: PointerEvent) => pointerType === "mouse" && !standsIn && setBefore(sagas),
      onPointerLeave: () => setBefore(undefined),
    },
  };
}

/** What a table of held rows listens to. */
export type Hands = ReturnType<typeof useHeld>["hands"];
