import type { Edge, End, Plan, PlannedStep } from "./plan.ts";

/** Where a box stands: its column along the way, and forth (0) or back (1). */
export interface Cell {
  column: number;
  row: 0 | 1;
}

/** The name of the start among the cells. */
export const START = "";

/** The cell of every box, by its name. */
export function cellsOf({ steps, edges }: Plan): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>([[START, { column: 0, row: 0 }]]);
  const forth = steps.filter(({ undoes }) => undoes === undefined);
  forth.forEach(({ name }, at) => cells.set(name, { column: at + 1, row: 0 }));
  const back = new Set<number>();
  for (const { name, undoes } of steps.filter(
    (step): step is PlannedStep & { undoes: string } => step.undoes !== undefined,
  )) {
    let column = cells.get(undoes)?.column ?? 0;
    while (back.has(column)) {
      column += 1;
    }
    back.add(column);
    cells.set(name, { column, row: 1 });
  }
  for (const { end } of edges) {
    if (end !== undefined) {
      // What is undone is where it began.
      cells.set(endName(end), { column: end === "completed" ? forth.length + 1 : 0, row: 0 });
    }
  }
  return cells;
}

/** Which lane of the aisle each line takes that leaves its row and its column, so that no two lie on each other. */
export function lanesOf(
  { edges }: Plan,
  cells: ReadonlyMap<string, Cell>,
): { of: ReadonlyMap<string, number>; count: number } {
  const lanes: { from: number; to: number }[][] = [];
  const of = new Map<string, number>();
  for (const edge of edges) {
    const [from, to] = [cells.get(edge.from), cells.get(targetOf(edge))];
    if (from && to && from.row !== to.row && from.column !== to.column) {
      const span = { from: Math.min(from.column, to.column), to: Math.max(from.column, to.column) };
      const isFree = (lane: (typeof lanes)[number]) =>
        lane.every((taken) => taken.to <= span.from || span.to <= taken.from);
      const found = lanes.findIndex(isFree);
      const lane = found < 0 ? lanes.push([]) - 1 : found;
      lanes[lane]?.push(span);
      of.set(edge.id, lane);
    }
  }
  return { of, count: lanes.length };
}

/** A command's name has no space, so that no end is taken for a command. */
export function endName(end: End): string {
  return `end ${end}`;
}

/** The cell that an edge leads to. */
export function targetOf({ to, end }: Edge): string {
  return to === "" && end ? endName(end) : to;
}
