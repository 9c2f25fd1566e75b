import { expect, test } from "vitest";
import { titleOf } from "./title.ts";

test("a program's name becomes a title", () => {
  expect([titleOf("create-ticket"), titleOf("a"), titleOf("x_y--z"), titleOf("")]).toEqual([
    "Create ticket",
    "A",
    "X y z",
    "",
  ]);
});
