/** A point, in pixels. */
export interface Point {
  x: number;
  y: number;
}

const RADIUS = 8;
const HEAD = 7;

/** A line through these points with round corners, its head, and where its label goes, as SVG path data. */
export function pathOf(points: readonly Point[]): { path: string; head: string; label: Point } {
  const inner = points.slice(1, -1).map((corner, at) => {
    const [before, after] = [points[at], points[at + 2]] as [Point, Point];
    const [a, b] = [towards(corner, before, RADIUS), towards(corner, after, RADIUS)];
    return `L${told(a)}Q${told(corner)} ${told(b)}`;
  });
  const [first, last, before] = [points[0], points.at(-1), points.at(-2)] as [Point, Point, Point];
  const base = towards(last, before, HEAD);
  const [dx, dy] = [((base.y - last.y) / HEAD) * 4, ((last.x - base.x) / HEAD) * 4];
  return {
    path: `M${told(first)}${inner.join("")}L${told(base)}`,
    head: `M${told(last)}L${told({ x: base.x + dx, y: base.y + dy })}L${told({ x: base.x - dx, y: base.y - dy })}Z`,
    label: middleOf(points),
  };
}

/** The middle of the longest straight part. */
function middleOf(points: readonly Point[]): Point {
  let [longest, before] = [{ length: -1, x: 0, y: 0 }, points[0]];
  for (const point of points.slice(1)) {
    const { x, y } = before ?? point;
    const length = Math.hypot(point.x - x, point.y - y);
    if (length > longest.length) {
      longest = { length, x: (x + point.x) / 2, y: (y + point.y) / 2 };
    }
    before = point;
  }
  return { x: longest.x, y: longest.y };
}

/** The point so far from `from` on the way to `to`, half of the way at the most. */
function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(distance / length, 0.5);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function told({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
