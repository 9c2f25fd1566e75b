import { useEffect, useMemo, useState } from "react";
import { momentOf, momentsOf } from "./model/moments.ts";
import { isMoving, next, pauseAt } from "./model/playing.ts";
import type { Told } from "./model/told.ts";

/** What of a run is on the screen. */
export interface Playing {
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
export function usePlaying(told: Told): Playing {
  const latest = momentsOf(told) - 1;
  const [playhead, go] = useState({ at: latest, isReplay: false });
  const moves = isMoving(playhead, latest, wantsStillness());
  const shown = useMemo(() => (moves ? momentOf(told, playhead.at) : told), [moves, told, playhead.at]);
  useEffect(() => {
    if (!moves) {
      return;
    }
    const timer = setTimeout(() => go(next(playhead, latest)), pauseAt(playhead));
    return () => clearTimeout(timer);
  }, [moves, playhead, latest]);
  return {
    shown,
    isNow: !moves,
    isReplay: moves && playhead.isReplay,
    replay: () => go({ at: 0, isReplay: true }),
    catchUp: () => go({ at: latest, isReplay: false }),
  };
}

/** Pages are tested without a window as well. */
function wantsStillness(): boolean {
  return typeof window === "undefined" || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
