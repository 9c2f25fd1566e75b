import { useEffect, useState } from "react";
import { momentOf, momentsOf } from "./model/moments.ts";
import type { Told } from "./model/told.ts";

/** How long each moment is seen: what happens faster than the eye is shown one after the other. */
const LIVE_MS = 350;
const REPLAY_MS = 700;

/** What of a run is on the screen. */
export interface Paced {
  shown: Told;
  /** Whether that is what is told now. */
  isNow: boolean;
  isReplay: boolean;
  /** Shows the run again from its start. */
  replay: () => void;
  /** Goes to what is told now. */
  catchUp: () => void;
}

/** Lets a run move at a pace at which cause and effect can be seen, live and again. */
export function usePaced(told: Told): Paced {
  const latest = momentsOf(told) - 1;
  const [{ at, isReplay }, go] = useState({ at: latest, isReplay: false });
  const isMoving = at < latest && (isReplay || !wantsStillness());
  useEffect(() => {
    if (!isMoving) {
      return;
    }
    const next = { at: at + 1, isReplay: isReplay && at + 1 < latest };
    const timer = setTimeout(() => go(next), isReplay ? REPLAY_MS : LIVE_MS);
    return () => clearTimeout(timer);
  }, [isMoving, isReplay, at, latest]);
  return {
    shown: isMoving ? momentOf(told, at) : told,
    isNow: !isMoving,
    isReplay: isMoving && isReplay,
    replay: () => go({ at: 0, isReplay: true }),
    catchUp: () => go({ at: latest, isReplay: false }),
  };
}

function wantsStillness(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
