import { useEffect, useMemo, useState } from "react";
import { momentOf, momentsOf } from "./model/moments.ts";
import { isMoving, next, pauseAt } from "./model/pace.ts";
import type { Told } from "./model/told.ts";

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
  const [place, go] = useState({ at: latest, isReplay: false });
  const moves = isMoving(place, latest, wantsStillness());
  const shown = useMemo(() => (moves ? momentOf(told, place.at) : told), [moves, told, place.at]);
  useEffect(() => {
    if (!moves) {
      return;
    }
    const timer = setTimeout(() => go(next(place, latest)), pauseAt(place));
    return () => clearTimeout(timer);
  }, [moves, place, latest]);
  return {
    shown,
    isNow: !moves,
    isReplay: moves && place.isReplay,
    replay: () => go({ at: 0, isReplay: true }),
    catchUp: () => go({ at: latest, isReplay: false }),
  };
}

/** Pages are tested without a window as well. */
function wantsStillness(): boolean {
  return typeof window === "undefined" || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
