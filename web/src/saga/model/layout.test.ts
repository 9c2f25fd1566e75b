import { CommandClass } from "order-saga-client/operations";
import { assert, describe, expect, test } from "vitest";
import { CANCEL_ORDER, CREATE_ORDER, definitionOf, sagaOfSteps } from "./fixtures/definitions.ts";
import { layoutOf, type Box, type Layout } from "./layout.ts";
import { planOf } from "./plan.ts";

const { COMPENSATABLE, PIVOT } = CommandClass;
/** Two steps that cannot be undone before another: a refusal leads past them. */
const GAPS = definitionOf(
  "gaps",
  [
    ["a", "kitchen", COMPENSATABLE, "undo-a"],
    ["b", "kitchen", COMPENSATABLE],
    ["c", "kitchen", COMPENSATABLE],
    ["d", "kitchen", PIVOT],
  ],
  "undo-start",
);
const SAGAS = [CREATE_ORDER, CANCEL_ORDER, sagaOfSteps(1), sagaOfSteps(12), GAPS];
const WIDTHS = [280, 326, 700, 1070, 2600];
const CASES = SAGAS.flatMap((saga) => WIDTHS.map((width) => ({ saga, width, steps: saga.commands.length })));

const boxesOf = ({ start, steps, ends }: Layout): Box[] => [start, ...steps.values(), ...ends.values()];
const box = (layout: Layout, name: string): Box => {
  const found = layout.steps.get(name);
  assert(found);
  return found;
};
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(CASES)("$saga.name with $steps commands on $width px", ({ saga, width }) => {
  const layout = layoutOf(planOf(saga), width);

  test("every command, both ends and every transition is drawn", () => {
    expect([...layout.steps.keys()]).toEqual(saga.commands.map(({ name }) => name));
    expect([...layout.ends.keys()].toSorted()).toEqual(["compensated", "completed"]);
    expect(layout.lines).toHaveLength(saga.transitions.length);
    expect(layout.lines.map(({ path }) => path).join()).not.toMatch(/NaN|undefined/);
  });

  test("no box lies on another, and all lie in the picture, which has room on the page", () => {
    const boxes = boxesOf(layout);
    for (const [at, one] of boxes.entries()) {
      expect(boxes.slice(at + 1).filter((other) => overlap(one, other))).toEqual([]);
      expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= layout.width && one.y + one.height <= layout.height).toBe(
        true,
      );
    }
    expect(layout.width).toBeLessThanOrEqual(width);
  });

  test("the saga runs forth in one row and back in another, each undo beside its step", () => {
    const isWide = layout.direction === "wide";
    const along = ({ x, y }: Box) => (isWide ? x : y);
    const across = ({ x, y }: Box) => (isWide ? y : x);
    const forth = saga.commands
      .filter(({ class: kind }) => kind !== CommandClass.UNDO)
      .map(({ name }) => box(layout, name));
    const way = [layout.start, ...forth];
    expect(way.map(along)).toEqual(way.map(along).toSorted((a, b) => a - b));
    expect(new Set(way.map(across)).size).toBe(1);
    for (const { name, undoes } of saga.commands.filter(({ class: kind }) => kind === CommandClass.UNDO)) {
      const undone = undoes === "" ? layout.start : box(layout, undoes);
      expect(along(box(layout, name))).toBe(along(undone));
      expect(across(box(layout, name))).toBeGreaterThan(across(undone));
    }
  });
});

test("a saga is drawn from left to right where there is room, otherwise from top to bottom", () => {
  const directions = [CREATE_ORDER, sagaOfSteps(12)].map((saga) =>
    [326, 1070, 2600].map((width) => layoutOf(planOf(saga), width).direction),
  );
  expect(directions).toEqual([
    ["narrow", "wide", "wide"],
    ["narrow", "narrow", "wide"],
  ]);
});

test("lines that cross each other's way take lanes of their own", () => {
  const lanes = layoutOf(planOf(GAPS), 1070).lines.filter(({ edge }) => edge.outcome === "refused");
  const levels = lanes.map(({ label }) => label.y);
  // The refusals of c and d both lead past b.
  expect(new Set(levels.slice(2)).size).toBe(2);
});

test("a long name, and a long service, make the boxes higher where they need two lines", () => {
  const long = definitionOf("long", [["confirm-everything", "order", PIVOT]], "undo");
  const height = (saga: typeof long, width: number) => layoutOf(planOf(saga), width).start.height;
  expect(height(long, 326)).toBeGreaterThan(height(sagaOfSteps(1), 326));
  expect(height(long, 700)).toBe(height(sagaOfSteps(1), 326));
  const served = definitionOf("served", [["a", "a-service-of-a-long-name", PIVOT]], "undo");
  expect(height(served, 326)).toBeGreaterThan(height(sagaOfSteps(1), 326));
});
