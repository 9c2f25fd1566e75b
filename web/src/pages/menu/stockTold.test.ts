import { expect, test } from "vitest";
import { shortage, stockTold } from "./stockTold.ts";

test("what is left is told, louder when it is little", () => {
  const told = [undefined, 1_000_000, 6, 5, 1, 0, -1].map((available) => stockTold(available));
  expect(told).toEqual([
    undefined,
    { level: "plenty", words: "1,000,000 left" },
    { level: "plenty", words: "6 left" },
    { level: "low", words: "Only 5 left" },
    { level: "low", words: "Only 1 left" },
    { level: "out", words: "Sold out" },
    { level: "out", words: "Sold out" },
  ]);
});

test("a quantity that is more than what is left is told, as far as that is known", () => {
  expect(shortage(3, undefined)).toBeUndefined();
  expect(shortage(3, 3)).toBeUndefined();
  expect(shortage(4, 3)).toBe("There are only 3 left: the kitchen will probably refuse this order.");
  expect(shortage(1, 0)).toBe("This is sold out: the kitchen will probably refuse this order.");
});
