import { expect, test } from "vitest";
import { barOf, marksOf, spanOf } from "./axis.ts";
import { runOfActs, sentAt } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

test("the axis has a few round marks, for a run of 300 ms as for a run of a month", () => {
  const cases: [number, number[]][] = [
    [100, [0, 20, 40, 60, 80, 100]],
    [300, [0, 100, 200, 300]],
    [4_200, [0, 1_000, 2_000, 3_000, 4_000]],
    [150 * SECOND, [0, 30 * SECOND, 60 * SECOND, 90 * SECOND, 120 * SECOND, 150 * SECOND]],
    [20 * MINUTE, [0, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE]],
  ];
  for (const [length, marks] of cases) {
    expect(marksOf({ from: 0, to: length })).toEqual(marks);
  }
  for (let length = 100; length < 1e11; length *= 1.37) {
    expect(marksOf({ from: 0, to: length }).length).toBeLessThanOrEqual(6);
  }
  expect(marksOf({ from: 50, to: 250 })).toEqual([0, 50, 100, 150, 200]);
});

test("the axis reaches to a deadline that is near, and not to one that would hide what has happened", () => {
  expect(spanOf(0, 8 * SECOND, 10 * SECOND)).toEqual({ from: 0, to: 10 * SECOND });
  expect(spanOf(0, 1 * SECOND, 10 * SECOND)).toEqual({ from: 0, to: 1 * SECOND });
  expect(spanOf(0, 8 * SECOND, undefined)).toEqual({ from: 0, to: 8 * SECOND });
  expect(spanOf(0, 8 * SECOND, 7 * SECOND)).toEqual({ from: 0, to: 8 * SECOND });
});

test("the shortest run has an axis", () => {
  expect(spanOf(500, 500, undefined)).toEqual({ from: 500, to: 600 });
});

test("waiting in vain is told apart from the sending that was answered", () => {
  const run = runOfActs(CREATE_ORDER, "running", [
    ["create-ticket", "succeeded", 2],
    ["authorize-card", "sent"],
  ]);
  const span = { from: sentAt(0), to: sentAt(0) + 1_000 };
  const [first, second] = run.sent.map((step) => barOf(step, span, sentAt(0)));
  expect(first).toEqual({ waited: { from: 0, till: 20 }, worked: { from: 20, till: 500 }, ticks: [0, 10, 20] });
  expect(second).toEqual({ waited: undefined, worked: { from: 1_000, till: 1_000 }, ticks: [1_000] });
});

test("what was given up was waited for to the end, and what is awaited lasts until now", () => {
  const span = { from: sentAt(0), to: sentAt(0) + 1_000 };
  const bar = (acts: Parameters<typeof runOfActs>[2], now: number) => {
    const step = runOfActs(CREATE_ORDER, "running", acts).sent[0];
    return step && barOf(step, span, now);
  };
  expect(bar([["create-ticket", "unknown", 3]], sentAt(1))).toMatchObject({
    waited: { from: 0, till: 500 },
    worked: undefined,
  });
  expect(bar([["create-ticket", "sent"]], sentAt(0) + 250)?.worked).toEqual({ from: 0, till: 250 });
  // The clock of this machine may be behind the service's.
  expect(bar([["create-ticket", "sent"]], sentAt(0) - 5_000)?.worked).toEqual({ from: 0, till: 0 });
});

test("what lies beyond the axis stands at its end", () => {
  const run = runOfActs(CREATE_ORDER, "running", [["create-ticket", "sent", 2]]);
  const [step] = run.sent;
  expect(step && barOf(step, { from: sentAt(0) + 5, to: sentAt(0) + 15 }, sentAt(1))).toEqual({
    waited: { from: 0, till: 10 },
    worked: { from: 10, till: 10 },
    ticks: [0, 5, 10],
  });
});
