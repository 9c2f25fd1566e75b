import { expect, test } from "vitest";
import { priceOf, times } from "./money.ts";

test("an amount is told in major units", () => {
  const cases: [string, bigint, string][] = [
    ["EUR", 1150n, "€11.50"],
    ["EUR", 5n, "€0.05"],
    ["JPY", 1200n, "¥1,200"],
    ["KWD", 1n, "KWD\u00a00.001"],
    ["EUR", 9223372036854775807n, "€92,233,720,368,547,758.07"],
  ];
  for (const [currency, minorUnits, told] of cases) {
    expect(priceOf({ currency, minorUnits })).toBe(told);
  }
});

test("so many of something cost as much together, to the last minor unit", () => {
  const each = { currency: "EUR", minorUnits: 2n ** 53n + 1n };
  expect(times(each, 3)).toEqual({ currency: "EUR", minorUnits: 3n * (2n ** 53n + 1n) });
});
