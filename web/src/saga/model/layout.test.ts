import { CommandClass } from "order-saga-client/operations";
import { assert, describe, expect, test } from "vitest";
import { CANCEL_ORDER, CREATE_ORDER, definitionOf, sagaOfSteps } from "./fixtures/definitions.ts";
import { boxesOf, boxOf, CASES, GAPS, overlap, namesByRow } from "./fixtures/layouts.ts";
import { layoutOf, type Box } from "./layout.ts";
import { planOf } from "./plan.ts";

const { PIVOT } = CommandClass;

const BOTH_WAYS = CASES.flatMap(({ forth, back, ...rest }) => [
  { ...rest, way: "forth", layout: forth },
  { ...rest, way: "back", layout: back },
]);

describe.each(BOTH_WAYS)("$saga.name with $steps commands on $width px, $way", ({ saga, width, layout }) => {
  const { steps, undos } = namesByRow(saga);
  const boxes = (names: readonly string[]) => names.map((name) => boxOf(layout, name));
  const isWide = layout.direction === "wide";
  const along = ({ x, y }: Box) => (isWide ? x : y);
  const across = ({ x, y }: Box) => (isWide ? y : x);

  test("every command, both ends and every transition is drawn", () => {
    expect([...layout.steps.keys()]).toEqual(saga.commands.map(({ name }) => name));
    expect([...layout.ends.keys()].toSorted()).toEqual(["compensated", "completed"]);
    expect(layout.lines).toHaveLength(saga.transitions.length);
    expect(layout.lines.map(({ path }) => path).join()).not.toMatch(/NaN|undefined/);
  });

  test("no box lies on another, and all lie in the picture, which has room on the page", () => {
    const all = boxesOf(layout);
    for (const [at, one] of all.entries()) {
      expect(all.slice(at + 1).filter((other) => overlap(one, other))).toEqual([]);
      expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= layout.width && one.y + one.height <= layout.height).toBe(
        true,
      );
    }
    expect(layout.width).toBeLessThanOrEqual(width);
  });

  test("the cards of a row have one size", () => {
    const sizes = [steps, undos].map((row) => new Set(boxes(row).map((box) => `${box.width} ${box.height}`)).size);
    expect(sizes).toEqual([1, 1]);
  });

  test("the saga runs forth in one row and back in another, each undo beside its step", () => {
    const forth = boxes(steps);
    expect(along(layout.start)).toBeLessThan(Math.min(...forth.map(along)));
    expect(forth.map(along)).toEqual(forth.map(along).toSorted((a, b) => a - b));
    expect(new Set(forth.map(across)).size).toBe(1);
    for (const { name, undoes } of saga.commands.filter(({ undoes }) => undoes !== "")) {
      expect(along(boxOf(layout, name))).toBe(along(boxOf(layout, undoes)));
      expect(across(boxOf(layout, name))).toBeGreaterThan(across(boxOf(layout, undoes)));
    }
  });

  test("what is undone is back where it began, beside the undo of the start", () => {
    const [undone, last] = [layout.ends.get("compensated"), boxes(undos).at(-1)];
    assert(undone && last);
    expect(undone.x).toBe(layout.start.x);
    expect(across(undone)).toBeLessThan(across(last));
    expect(along(last)).toBeLessThan(Math.min(...boxes(steps).map(along)));
  });
});

test("a saga is drawn from left to right where there is room, otherwise from top to bottom", () => {
  const directions = [CREATE_ORDER, sagaOfSteps(12)].map((saga) =>
    [326, 934, 2600].map((width) => layoutOf(planOf(saga), width, false).direction),
  );
  expect(directions).toEqual([
    ["narrow", "wide", "wide"],
    ["narrow", "narrow", "wide"],
  ]);
});

test("a page of full width has room for two steps more than create-order has", () => {
  const layouts = [4, 6, 7].map((steps) => layoutOf(planOf(sagaOfSteps(steps)), 1070, false));
  expect(layouts.map(({ direction }) => direction)).toEqual(["wide", "wide", "narrow"]);
});

test("cards that stand below each other are low where they are wide enough for it", () => {
  const cards = [326, 686].map((width) => {
    const { direction, fit, steps } = layoutOf(planOf(CREATE_ORDER), width, false);
    return { direction, isFlat: fit.isFlat, isLow: (steps.get("create-ticket")?.height ?? 0) < 80 };
  });
  expect(cards).toEqual([
    { direction: "narrow", isFlat: false, isLow: false },
    { direction: "narrow", isFlat: true, isLow: true },
  ]);
});

test("the cards share the width there is", () => {
  for (const width of [326, 934, 1070]) {
    // Less than a pixel for each column remains.
    expect(width - layoutOf(planOf(CREATE_ORDER), width, false).width).toBeLessThan(5);
  }
});

test("an undo of a step that is not there has a place of its own", () => {
  const plan = planOf(CANCEL_ORDER);
  const [first] = plan.steps;
  assert(first);
  const lost = { ...plan, steps: [...plan.steps, { ...first, name: "lost", undoes: "nothing" }] };
  const layout = layoutOf(lost, 1070, false);
  expect(boxOf(layout, "lost")).not.toEqual(boxOf(layout, "reject-cancellation"));
});

test("lines that cross each other's way take lanes of their own", () => {
  const lanes = layoutOf(planOf(GAPS), 1070, false).lines.filter(({ edge }) => edge.outcome === "refused");
  const levels = lanes.map(({ label }) => label.y);
  // The refusals of c and d both lead past b.
  expect(new Set(levels.slice(2)).size).toBe(2);
});

test("a long name, and a long service, make every card higher where they need two lines", () => {
  const cardOf = (step: string, service: string, width: number) => {
    const layout = layoutOf(planOf(definitionOf("saga", [[step, service, PIVOT]], "undo")), width, false);
    return { ...layout.fit, height: boxOf(layout, step).height };
  };
  const [narrow, wide] = [cardOf("step", "order", 326), cardOf("step", "order", 700)];
  expect(cardOf("confirm-everything", "order", 326).height).toBeGreaterThan(narrow.height);
  expect(cardOf("confirm-everything", "order", 700)).toEqual(wide);
  expect(cardOf("step", "a-service-of-long-name", 326).height).toBeGreaterThan(narrow.height);
  expect([narrow.isStacked, cardOf("step", "a-service-of-long-name", 326).isStacked]).toEqual([false, true]);
  expect(cardOf("step", "a-service-of-long-name", 700)).toEqual(wide);
});
