import { cellsOf, endName, lanesOf, START, targetOf, type Cell } from "./cells.ts";
import { pathOf, type Point } from "./path.ts";
import type { Edge, End, Plan } from "./plan.ts";
import { LANE, narrowSizes, wideSizes, type Sizes } from "./sizes.ts";

/** A box of the diagram, in pixels from the upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An edge of the diagram. */
export interface Line {
  edge: Edge;
  /** Whether it belongs to the way back. */
  isBack: boolean;
  /** The line and its head, as SVG path data. */
  path: string;
  head: string;
  /** The middle of its label. */
  label: Point;
}

/** The diagram of a plan: forth in one row, back in another, each undo beside its step. */
export interface Layout {
  direction: "wide" | "narrow";
  width: number;
  height: number;
  start: Box;
  steps: ReadonlyMap<string, Box>;
  ends: ReadonlyMap<End, Box>;
  lines: readonly Line[];
}

/** A box along and across the way, before it is turned. */
interface Placed {
  from: number;
  to: number;
  top: number;
  bottom: number;
  cell: Cell;
}

/** Lays a plan out for this width: from left to right if there is room, otherwise from top to bottom. */
export function layoutOf(plan: Plan, width: number): Layout {
  const lanes = lanesOf(plan, cellsOf(plan));
  const wide = wideSizes(plan, width, lanes.count);
  return draw(plan, wide ?? narrowSizes(plan, width, lanes.count), lanes.of, wide ? "wide" : "narrow");
}

function draw(plan: Plan, sizes: Sizes, lanes: ReadonlyMap<string, number>, direction: Layout["direction"]): Layout {
  const cells = cellsOf(plan);
  const first = Math.min(...[...cells.values()].map(({ column }) => column));
  const placed = new Map([...cells].map(([name, cell]) => [name, place(cell, name, first, sizes)]));
  const turn = (point: Point): Point => (direction === "wide" ? point : { x: point.y, y: point.x });
  const boxOf = ({ from, to, top, bottom }: Placed): Box => {
    const corner = turn({ x: from, y: top });
    const size = turn({ x: to - from, y: bottom - top });
    return { ...corner, width: size.x, height: size.y };
  };
  const pick = <Key>(names: readonly (readonly [Key, string])[]) =>
    new Map(
      names.flatMap(([key, name]) => {
        const box = placed.get(name);
        return box ? [[key, boxOf(box)] as const] : [];
      }),
    );
  const far = turn({
    x: Math.max(...[...placed.values()].map(({ to }) => to)),
    y: Math.max(...[...placed.values()].map(({ bottom }) => bottom)),
  });
  return {
    direction,
    width: far.x,
    height: far.y,
    start: boxOf(place({ column: 0, row: 0 }, START, first, sizes)),
    steps: pick(plan.steps.map(({ name }) => [name, name] as const)),
    ends: pick(plan.edges.flatMap(({ end }) => (end ? [[end, endName(end)] as const] : []))),
    lines: plan.edges.flatMap((edge) => {
      const [from, to] = [placed.get(edge.from), placed.get(targetOf(edge))];
      return from && to
        ? [{ edge, isBack: to.cell.row === 1, ...pathOf(route(from, to, lanes.get(edge.id) ?? 0).map(turn)) }]
        : [];
    }),
  };
}

function place({ column, row }: Cell, name: string, first: number, { main, cross, end, gap, aisle }: Sizes): Placed {
  const before = column - first;
  const from = first < 0 && before > 0 ? end + gap + (before - 1) * (main + gap) : before * (main + gap);
  const isEnd = name === endName("completed") || name === endName("compensated");
  const top = row * (cross + aisle);
  return { from, to: from + (isEnd ? end : main), top, bottom: top + cross, cell: { column, row } };
}

/** The way of a line: along a row, straight across, or out of the row into a lane of the aisle. */
function route(from: Placed, to: Placed, lane: number): Point[] {
  const middle = (box: Placed) => ({ x: (box.from + box.to) / 2, y: (box.top + box.bottom) / 2 });
  const [a, b] = [middle(from), middle(to)];
  if (from.cell.row === to.cell.row) {
    const isForth = from.cell.column < to.cell.column;
    return [
      { x: isForth ? from.to : from.from, y: a.y },
      { x: isForth ? to.from : to.to, y: b.y },
    ];
  }
  const [leave, arrive] = from.cell.row < to.cell.row ? [from.bottom, to.top] : [from.top, to.bottom];
  if (from.cell.column === to.cell.column) {
    return [
      { x: a.x, y: leave },
      { x: b.x, y: arrive },
    ];
  }
  // Beside the middle, where the line of an undo's own step is.
  const side = Math.sign(b.x - a.x);
  const out = a.x + (side * (from.to - from.from)) / 4;
  const into = b.x - (side * (to.to - to.from)) / 4;
  const y = arrive + Math.sign(leave - arrive) * (LANE + LANE * lane);
  return [
    { x: out, y: leave },
    { x: out, y },
    { x: into, y },
    { x: into, y: arrive },
  ];
}
