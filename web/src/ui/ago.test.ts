import { expect, test } from "vitest";
import { agoOf, sinceOf } from "./ago.ts";

test("a time is told in the largest unit of which there is a whole one", () => {
  const cases: [number, string][] = [
    [0, "now"],
    [-999, "now"],
    [-1_000, "1 sec. ago"],
    [-59_999, "59 sec. ago"],
    [-60_000, "1 min. ago"],
    [-3_599_999, "59 min. ago"],
    [-86_400_000, "1 day ago"],
    [5_000, "in 5 sec."],
  ];
  for (const [milliseconds, told] of cases) {
    expect(agoOf(milliseconds)).toBe(told);
  }
});

test("what has happened is never told as yet to come, however far the clock is behind", () => {
  expect([sinceOf(300_000, 0), sinceOf(2_000, 1_000), sinceOf(1_000, 61_000)]).toEqual(["now", "now", "1 min. ago"]);
});
