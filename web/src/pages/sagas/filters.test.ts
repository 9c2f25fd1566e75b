import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { SagaState } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { filtersOf, isNarrow, addressOf, listRequestOf, statesOf, STATES, textOf, type Filters } from "./filters.ts";

const EVERYTHING: Filters = { state: "stuck", saga: "create-order", step: "approve-order", age: "1h", text: "a&b=?" };

test("filters survive the way into an address and back", () => {
  const few: Filters[] = [{}, { state: "running" }, { age: "15m", text: "CARD_DECLINED" }, EVERYTHING];
  for (const filters of few) {
    expect(filtersOf(addressOf(filters).replace(/^\/sagas\??/, ""))).toEqual(filters);
  }
  expect(addressOf({})).toBe("/sagas");
  expect(addressOf(EVERYTHING)).toBe("/sagas?state=stuck&saga=create-order&step=approve-order&age=1h&text=a%26b%3D%3F");
});

test("what an address says wrongly excludes no saga", () => {
  const wrong = [
    "state=done",
    "state=toString",
    "age=1y",
    "saga=Create%20Order",
    `step=${"x".repeat(65)}`,
    "text=two%20words",
    `text=${"x".repeat(65)}`,
    "text=%20",
    "text=caf%C3%A9",
    "unknown=1",
  ];
  for (const search of wrong) {
    expect(filtersOf(search)).toEqual({});
  }
  expect(filtersOf("text=%20abc%20")).toEqual({ text: "abc" });
});

test("an age is a time when the API is asked", () => {
  expect(listRequestOf(EVERYTHING, [SagaState.STUCK], 10_000_000)).toEqual({
    states: [SagaState.STUCK],
    saga: "create-order",
    step: "approve-order",
    text: "a&b=?",
    startedAfter: timestampFromMs(6_400_000),
  });
  expect(listRequestOf({}, [], 0)).toEqual({ states: [], saga: "", step: "", text: "" });
});

test("stuck sagas are not listed twice, and every other state is", () => {
  const rest = statesOf({});
  expect(rest).not.toContain(SagaState.STUCK);
  expect(new Set([...rest, SagaState.STUCK])).toEqual(new Set(Object.values(STATES)));
  expect(statesOf({ state: "stuck" })).toEqual([SagaState.STUCK]);
});

test("a list is narrow when something but a state is asked for", () => {
  expect([{}, { state: "stuck" } as const].map(isNarrow)).toEqual([false, false]);
  expect([{ saga: "a" }, { step: "a" }, { age: "1h" } as const, { text: "a" }].map(isNarrow)).toEqual(
    Array(4).fill(true),
  );
});

test("a pasted text is looked for without the blanks around it, and what nothing can have is not looked for", () => {
  expect(textOf(" 1c88d20e \n")).toBe("1c88d20e");
  expect(textOf("  ")).toBe("");
  for (const typed of ["two words", "café", "x".repeat(65)]) {
    expect(textOf(typed)).toBeUndefined();
  }
  expect(textOf("x".repeat(64))).toHaveLength(64);
});
