import { expect, test } from "vitest";
import { exactOf, timeOf } from "./exact.ts";

test("a time has the day and the hour of one zone, which it names", () => {
  const date = new Date("2026-11-26T00:20:23.043Z");
  const told = ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"].map((zone) => exactOf(date, zone));
  expect(told).toEqual([
    "Nov 26, 2026, 00:20:23.043 UTC",
    "Nov 26, 2026, 14:20:23.043 GMT+14",
    "Nov 25, 2026, 16:20:23.043 PST",
  ]);
  expect(exactOf(date)).toBe(exactOf(date, new Intl.DateTimeFormat().resolvedOptions().timeZone));
});

test("a time of today is told to the second, by the reader's clock", () => {
  const at = Date.parse("2026-11-26T23:20:03.643Z");
  expect(["UTC", "America/Los_Angeles"].map((zone) => timeOf(at, zone))).toEqual(["23:20:03", "15:20:03"]);
});
