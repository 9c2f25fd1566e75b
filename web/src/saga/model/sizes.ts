import type { Plan, PlannedStep } from "./plan.ts";

/** Along the saga's way (`main`) and across it (`cross`). */
export interface Extent {
  main: number;
  cross: number;
}

/** Sizes along the saga's way and across it. */
export interface Sizes {
  step: Extent;
  undo: Extent;
  /** An undo that nothing has asked for yet, in the room of one that was asked for. */
  quiet: Extent;
  /** The start, and the end that is beside it. */
  home: Extent;
  end: Extent;
  gap: number;
  /** Between forth and back. */
  aisle: number;
  /** Where a box is left for the other row, from its begin along the way. */
  door: number;
  /** Where the start, and the end that is beside it, begin in the first column. */
  start: { main: number; cross: number };
  undone: { main: number; cross: number };
  fit: Fit;
}

/** How its words find room in a card. */
export interface Fit {
  /** A step's class and its service have a line each. */
  isStacked: boolean;
  /** So many letters of a wait have room in a line. */
  letters: number;
  /** The state and its time share a line. */
  isFlat: boolean;
}

/** Room for "Completed" in bold beside its sign, and the height of such a pill. */
const END = 104;
const PILL = 30;
/** A quiet box: a name and a service. */
const QUIET = 48;
const LEAST_WIDE = 112;
const MOST_WIDE = 220;
/** About the width of a letter of a step's name, bold and quiet, and of its small lines; what of a box is no room for letters. */
const LETTER = 8.2;
const QUIET_LETTER = 7.6;
const SMALL_LETTER = 6.8;
const EDGES = 19;
const BORDERS = 3;
const SIGN = 20;
/** The room for "Waiting, sent 14×" beside its sign. */
const STATE = 124;
/** The room from border to border for "given up in 1 min 20 s", and for a letter of such words. */
const TIME = 143;
const TIME_LETTER = 7;
const LINE = 18;
/** The width at which the state and its time have room beside each other. */
const FLAT = 280;
const ONE_LINE = 94;

/** The width of a lane between forth and back. */
export const LANE = 14;

/** The sizes from left to right; undefined if there is no room for that. */
export function wideSizes({ steps }: Plan, width: number, lanes: number): Sizes | undefined {
  const { forth, back } = forthAndBack(steps);
  const columns = forth.length + 1;
  const gap = 20;
  const main = Math.min(MOST_WIDE, Math.floor((width - END - gap * columns) / columns));
  const cross = heightOf(forth, main);
  const home = { main, cross: PILL };
  return main < LEAST_WIDE
    ? undefined
    : {
        step: { main, cross },
        undo: { main, cross: heightOf(back, main) },
        quiet: { main, cross: quietHeightOf(back, main) },
        ...{ home, end: { main: END, cross: PILL }, gap, aisle: 44 + LANE * lanes, door: main / 2 },
        start: { main: 0, cross: (cross - PILL) / 2 },
        // As far below the start as the labels in the aisle let it be.
        undone: { main: 0, cross: cross - PILL + 12 },
        fit: { isStacked: isStacked(forth, main), letters: lettersOf(main), isFlat: false },
      };
}

/** The sizes from top to bottom. */
export function narrowSizes({ steps }: Plan, width: number, lanes: number): Sizes {
  const { forth, back } = forthAndBack(steps);
  const aisle = 18 + LANE * lanes;
  const cross = Math.max(96, Math.min(320, Math.floor((width - aisle) / 2)));
  // Cards below each other are seen together if they are low.
  const isFlat = cross >= FLAT;
  const main = Math.max(heightOf(forth, cross), heightOf(back, cross)) - (isFlat ? LINE : 0);
  const quiet = { main: quietHeightOf(back, cross), cross };
  const pill = { main: PILL, cross };
  return {
    ...{ step: { main, cross }, undo: { main, cross }, quiet, home: pill, end: pill, gap: 24, aisle },
    door: quiet.main / 2,
    start: { main: main - PILL, cross: 0 },
    undone: { main: Math.min((quiet.main - PILL) / 2, main - 2 * PILL - 12), cross: 0 },
    fit: { isStacked: isStacked(forth, cross), letters: lettersOf(cross), isFlat },
  };
}

function forthAndBack(steps: readonly PlannedStep[]) {
  const [forth, back] = [true, false].map((isForth) =>
    steps.filter(({ undoes }) => (undoes === undefined) === isForth),
  );
  return { forth: forth ?? [], back: back ?? [] };
}

/** The height of a box of this width: its longest lines have room, as two lines if they must. */
function heightOf(steps: readonly PlannedStep[], width: number): number {
  const further = [
    hasLongName(steps, width),
    isStacked(steps, width),
    STATE > width - EDGES,
    TIME > width - BORDERS,
  ].filter(Boolean);
  return ONE_LINE + LINE * further.length;
}

function quietHeightOf(steps: readonly PlannedStep[], width: number): number {
  return QUIET + (hasLongName(steps, width - SIGN, QUIET_LETTER) ? LINE : 0);
}

function hasLongName(steps: readonly PlannedStep[], width: number, letter = LETTER): boolean {
  return steps.some(({ name }) => name.length * letter > width - EDGES);
}

/** A service of a long name beside an undo is cut, since that class is short. */
function isStacked(steps: readonly PlannedStep[], width: number): boolean {
  return steps.some(
    (step) => step.undoes === undefined && (step.class.length + step.service.length + 1) * SMALL_LETTER > width - EDGES,
  );
}

function lettersOf(width: number): number {
  return Math.floor((width - BORDERS) / TIME_LETTER);
}
