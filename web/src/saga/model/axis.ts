import type { Step } from "./run.ts";

/** The time that a timeline shows, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** A part of the time axis, in milliseconds since its beginning. */
export interface Part {
  from: number;
  till: number;
}

/** A step's bar, in milliseconds since the axis begins: what was waited in vain, and the sending that was answered or is awaited. */
export interface Bar {
  waited: Part | undefined;
  worked: Part | undefined;
  ticks: readonly number[];
}

const SHORTEST_MS = 100;
const MOST_TICKS = 5;
const STEPS_MS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000].concat(
  [60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 43_200_000, 86_400_000, 604_800_000],
  [2_592_000_000, 31_536_000_000],
);

/** From the saga's start to its end, or to now with a near deadline in sight. */
export function spanOf(from: number, to: number, deadline: number | undefined): Span {
  const reached = Math.max(to, from + SHORTEST_MS);
  // A far deadline would leave no room for what has happened.
  const isNear = deadline !== undefined && deadline > reached && deadline - from <= 3 * (reached - from);
  return { from, to: isNear ? deadline : reached };
}

/** Where a time lies, in milliseconds since the axis begins. */
export function placeOf({ from, to }: Span, at: number): number {
  return Math.max(0, Math.min(to, at) - from);
}

/** The bar of a step that was sent. */
export function barOf({ attempts, endedAt, outcome }: Step, span: Span, now: number): Bar | undefined {
  const [first, latest] = [attempts[0], attempts.at(-1)];
  if (first === undefined || latest === undefined) {
    return undefined;
  }
  const end = endedAt ?? Math.max(now, latest.at);
  // A command that was given up was waited for to the end.
  const turn = outcome === "unknown" ? end : latest.at;
  return {
    waited: turn > first.at ? partOf(span, first.at, turn) : undefined,
    worked: outcome === "unknown" ? undefined : partOf(span, turn, end),
    ticks: attempts.map(({ at }) => placeOf(span, at)),
  };
}

function partOf(span: Span, from: number, till: number): Part {
  return { from: placeOf(span, from), till: placeOf(span, till) };
}

/** The marks of the axis, in milliseconds since it begins: at most five steps of a round length. */
export function marksOf({ from, to }: Span): readonly number[] {
  const length = to - from;
  const step = STEPS_MS.find((candidate) => length / candidate <= MOST_TICKS) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step);
}
