import { expect, test } from "vitest";
import { durationOf, exactDurationOf } from "./duration.ts";

test("a duration is told in the units that say something", () => {
  const cases: [number, string][] = [
    [-5, "0 ms"],
    [99.4, "99 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [1_850, "1.8 s"],
    [9_999, "9.9 s"],
    [10_000, "10 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [185_000, "3 min 5 s"],
    [3_599_999, "59 min 59 s"],
    [7_440_000, "2 h 4 min"],
    [86_400_000, "1 d"],
  ];
  for (const [milliseconds, told] of cases) {
    expect(durationOf(milliseconds)).toBe(told);
  }
});

test("an exact duration has tenths of seconds up to a minute", () => {
  const told = [-5, 999, 1_850, 10_000, 10_149, 59_999, 60_000, 185_000].map(exactDurationOf);
  expect(told).toEqual(["0 ms", "999 ms", "1.8 s", "10.0 s", "10.1 s", "59.9 s", "1 min", "3 min 5 s"]);
});
