import { expect, test } from "vitest";
import { isMoving, next, pauseAt, type Playhead } from "./playing.ts";

test("a run that falls behind what is told goes through every moment until it has caught up", () => {
  let playhead: Playhead = { at: 2, isReplay: false };
  const seen: number[] = [];
  while (isMoving(playhead, 5, false)) {
    seen.push(playhead.at);
    playhead = next(playhead, 5);
  }
  expect([seen, playhead]).toEqual([[2, 3, 4], { at: 5, isReplay: false }]);
});

test("whoever wants stillness sees what is told now, and a replay when they ask for it", () => {
  expect(isMoving({ at: 2, isReplay: false }, 5, true)).toBe(false);
  expect(isMoving({ at: 0, isReplay: true }, 5, true)).toBe(true);
});

test("a replay is slower, and is over at the end", () => {
  expect(pauseAt({ at: 0, isReplay: true })).toBeGreaterThan(pauseAt({ at: 0, isReplay: false }));
  expect(next({ at: 3, isReplay: true }, 5)).toEqual({ at: 4, isReplay: true });
  expect(next({ at: 4, isReplay: true }, 5)).toEqual({ at: 5, isReplay: false });
});
