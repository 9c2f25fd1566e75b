import type { Plan } from "./plan.ts";

/** Sizes along the saga's way (`main`) and across it (`cross`). */
export interface Sizes {
  main: number;
  cross: number;
  end: number;
  gap: number;
  /** Between forth and back. */
  aisle: number;
}

/** Room for "Completed" in bold beside its sign. */
const END = 104;
const LEAST_WIDE = 132;
const MOST_WIDE = 172;
/** About the width of a letter of a step's name, and what of a box is no room for letters. */
const LETTER = 8.2;
const SMALL_LETTER = 6.8;
const EDGES = 19;
const LINE = 18;
const ONE_LINE = 94;

/** The width of a lane between forth and back. */
export const LANE = 14;

/** The sizes from left to right; undefined if there is no room for that. */
export function wideSizes(plan: Plan, width: number, lanes: number): Sizes | undefined {
  const columns = plan.steps.filter(({ undoes }) => undoes === undefined).length + 1;
  const end = END;
  const gap = 20;
  const main = Math.min(MOST_WIDE, Math.floor((width - 2 * end - gap * (columns + 1)) / columns));
  return main < LEAST_WIDE ? undefined : { main, cross: heightOf(plan, main), end, gap, aisle: 44 + LANE * lanes };
}

/** The sizes from top to bottom. */
export function narrowSizes(plan: Plan, width: number, lanes: number): Sizes {
  const aisle = 18 + LANE * lanes;
  const cross = Math.max(96, Math.min(240, Math.floor((width - aisle) / 2)));
  return { main: heightOf(plan, cross), cross, end: 30, gap: 24, aisle };
}

/** The height of a box of this width: its longest lines have room, as two lines if they must. */
function heightOf({ steps }: Plan, width: number): number {
  const isTooLong = (letters: readonly number[], letter: number) => Math.max(...letters) * letter > width - EDGES;
  const name = isTooLong(
    steps.map((step) => step.name.length),
    LETTER,
  );
  const small = isTooLong(
    steps.map((step) => step.class.length + step.service.length + 1),
    SMALL_LETTER,
  );
  return ONE_LINE + (name ? LINE : 0) + (small ? LINE : 0);
}
