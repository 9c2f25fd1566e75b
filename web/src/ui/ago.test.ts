import { expect, test } from "vitest";
import { agoOf } from "./ago.ts";

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
