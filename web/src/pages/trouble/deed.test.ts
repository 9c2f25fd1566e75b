import { expect, test } from "vitest";
import { deedOf, factOf } from "./deed.ts";
import { ON, troubleOf } from "./fixtures.fake.ts";

const ORDER = { lastsSeconds: 0, takesSeconds: 2 };

test("a customer tries every trouble, also one that is on, and one that is in the way of another", () => {
  const waits = troubleOf({ waitsFor: "A queue stops" });
  for (const trouble of [troubleOf(), troubleOf({ on: ON }), troubleOf(ORDER), waits]) {
    expect(deedOf(trouble, true)).toBe("try");
  }
});

test("whoever does not order starts what can be started, and is told where a customer is needed", () => {
  expect(deedOf(troubleOf(), false)).toBe("start");
  expect(deedOf(troubleOf({ on: ON }), false)).toBeUndefined();
  expect(deedOf(troubleOf(ORDER), false)).toBe("sign in");
});

test("whoever does not order waits for a trouble that is in the way", () => {
  expect(deedOf(troubleOf({ waitsFor: "A queue stops" }), false)).toBe("wait");
});

test("a customer is told how long the order takes, and others how long the trouble lasts", () => {
  const long = troubleOf({ takesSeconds: 150, lastsSeconds: 170 });
  expect([troubleOf(), long, troubleOf(ORDER)].map((trouble) => factOf(trouble, true))).toEqual([
    "takes about 30 s",
    "takes about 2 min 30 s",
    "takes a few seconds",
  ]);
  expect([troubleOf(), long, troubleOf(ORDER)].map((trouble) => factOf(trouble, false))).toEqual([
    "lasts at most 20 s",
    "lasts at most 2 min 50 s",
    "takes a few seconds",
  ]);
});
