/** Which moment of a run is on the screen, and whether it is shown again. */
export interface Playhead {
  at: number;
  isReplay: boolean;
}

/** How long each moment is seen: what happens faster than the eye is shown one after the other. */
const LIVE_MS = 350;
const REPLAY_MS = 700;

/** Whether the run moves on the screen. Whoever wants stillness sees what is told now, unless they asked for a replay. */
export function isMoving({ at, isReplay }: Playhead, latest: number, wantsStillness: boolean): boolean {
  return at < latest && (isReplay || !wantsStillness);
}

/** The next moment; a replay ends where what is told now begins. */
export function next({ at, isReplay }: Playhead, latest: number): Playhead {
  return { at: at + 1, isReplay: isReplay && at + 1 < latest };
}

/** How long this moment is seen, in milliseconds. */
export function pauseAt({ isReplay }: Playhead): number {
  return isReplay ? REPLAY_MS : LIVE_MS;
}
