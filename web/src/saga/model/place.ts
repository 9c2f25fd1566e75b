import { endName, START, type Cell } from "./cells.ts";
import type { Point } from "./path.ts";
import { LANE, type Extent, type Sizes } from "./sizes.ts";

/** A box along and across the way, before it is turned. */
export interface Placed {
  from: number;
  to: number;
  top: number;
  bottom: number;
  /** Where a line to the other row leaves, and how far beside that the next one does. */
  door: number;
  beside: number;
  cell: Cell;
}

/** Where the box of a cell is; an undo is small until the saga goes back. */
export function place(cell: Cell, name: string, sizes: Sizes, goesBack: boolean): Placed {
  const { step, undo, quiet, home, end, gap, aisle, door } = sizes;
  const { column, row } = cell;
  const begin = column * (step.main + gap);
  const at = (from: { main: number; cross: number }, size: Extent): Placed => ({
    from: begin + from.main,
    to: begin + from.main + size.main,
    top: from.cross,
    bottom: from.cross + size.cross,
    door: begin + door,
    beside: door / 2,
    cell,
  });
  switch (name) {
    case START:
      return at(sizes.start, home);
    case endName("compensated"):
      return at(sizes.undone, home);
    case endName("completed"):
      return at({ main: 0, cross: (step.cross - end.cross) / 2 }, end);
    default:
      return row === 0
        ? at({ main: 0, cross: 0 }, step)
        : at({ main: 0, cross: step.cross + aisle }, goesBack ? undo : quiet);
  }
}

/** The way of a line: along a row, straight across, or out of the row into a lane of the aisle. */
export function route(from: Placed, to: Placed, lane: number): Point[] {
  if (from.cell.row === to.cell.row) {
    const isForth = from.cell.column < to.cell.column;
    return [
      { x: isForth ? from.to : from.from, y: (from.top + from.bottom) / 2 },
      { x: isForth ? to.from : to.to, y: (to.top + to.bottom) / 2 },
    ];
  }
  const [leave, arrive] = from.cell.row < to.cell.row ? [from.bottom, to.top] : [from.top, to.bottom];
  if (from.cell.column === to.cell.column) {
    return [
      { x: from.door, y: leave },
      { x: to.door, y: arrive },
    ];
  }
  // Beside the door, where the line of an undo's own step is.
  const side = Math.sign(to.door - from.door);
  const out = from.door + side * from.beside;
  const into = to.door - side * to.beside;
  const y = arrive + Math.sign(leave - arrive) * (LANE + LANE * lane);
  return [
    { x: out, y: leave },
    { x: out, y },
    { x: into, y },
    { x: into, y: arrive },
  ];
}
