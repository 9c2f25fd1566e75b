import { SagaState } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { askAgainAfter } from "./progress.ts";

test("a saga is asked for each second while it moves, less often while it does not, and never once it is over", () => {
  const { RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, UNKNOWN } = SagaState;
  const cases: [SagaState, number | false][] = [
    [RUNNING, 1_000],
    [COMPENSATING, 1_000],
    [STUCK, 5_000],
    [UNKNOWN, 5_000],
    [COMPLETED, false],
    [COMPENSATED, false],
  ];
  for (const [state, pause] of cases) {
    expect(askAgainAfter({ state })).toBe(pause);
  }
  expect(askAgainAfter(undefined)).toBe(false);
});
