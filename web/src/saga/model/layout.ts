import { cellsOf, endName, lanesOf, START, targetOf } from "./cells.ts";
import { pathOf, type Point } from "./path.ts";
import { place, route, type Placed } from "./place.ts";
import type { Edge, End, Plan } from "./plan.ts";
import { narrowSizes, wideSizes, type Fit, type Sizes } from "./sizes.ts";

/** A box of the diagram, in pixels from the upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An edge of the diagram. */
export interface DrawnEdge {
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
  /** How its words find room in each card of a step. */
  fit: Fit;
  start: Box;
  steps: ReadonlyMap<string, Box>;
  ends: ReadonlyMap<End, Box>;
  lines: readonly DrawnEdge[];
  /** Where it is told of all undos that they are not asked for; undefined once they are. */
  note: Omit<Box, "height"> | undefined;
}

/**
 * Lays a plan out for this width: from left to right if there is room, otherwise from top to bottom. The undos are quiet until the
 * saga goes back; they have their room from the start, so that nothing moves then.
 */
export function layoutOf(plan: Plan, width: number, goesBack: boolean): Layout {
  const lanes = lanesOf(plan, cellsOf(plan));
  const wide = wideSizes(plan, width, lanes.count);
  const sizes = wide ?? narrowSizes(plan, width, lanes.count);
  return draw(plan, sizes, lanes.of, wide ? "wide" : "narrow", goesBack);
}

function draw(
  plan: Plan,
  sizes: Sizes,
  lanes: ReadonlyMap<string, number>,
  direction: Layout["direction"],
  goesBack: boolean,
): Layout {
  const cells = [...cellsOf(plan)];
  const placed = new Map(cells.map(([name, cell]) => [name, place(cell, name, sizes, goesBack)]));
  const room = cells.map(([name, cell]) => place(cell, name, sizes, true));
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
  const far = turn({ x: Math.max(...room.map(({ to }) => to)), y: Math.max(...room.map(({ bottom }) => bottom)) });
  const undos = [...placed.values()].filter(({ cell }) => cell.row === 1).map(boxOf);
  return {
    direction,
    width: far.x,
    height: far.y,
    fit: sizes.fit,
    start: boxOf(place({ column: 0, row: 0 }, START, sizes, goesBack)),
    steps: pick(plan.steps.map(({ name }) => [name, name] as const)),
    ends: pick(plan.edges.flatMap(({ end }) => (end ? [[end, endName(end)] as const] : []))),
    lines: plan.edges.flatMap((edge) => {
      const [from, to] = [placed.get(edge.from), placed.get(targetOf(edge))];
      return from && to
        ? [
            {
              edge,
              isBack: to.cell.row === 1 || edge.end === "compensated",
              ...pathOf(route(from, to, lanes.get(edge.id) ?? 0).map(turn)),
            },
          ]
        : [];
    }),
    note: goesBack || undos.length === 0 ? undefined : noteBelow(undos, far.x),
  };
}

function noteBelow(undos: readonly Box[], end: number): Omit<Box, "height"> {
  const x = Math.min(...undos.map((box) => box.x));
  return { x, y: Math.max(...undos.map(({ y, height }) => y + height)), width: end - x };
}
