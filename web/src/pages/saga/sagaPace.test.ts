import { SagaState } from "order-saga-client/operations";
import { expect, test } from "vitest";
import type { Pace } from "../../api/pace.ts";
import { sagaPace } from "./sagaPace.ts";

test("a saga is asked for each second while it moves, less often while it does not, and never once it is over", () => {
  const { RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, UNKNOWN } = SagaState;
  const cases: [SagaState, Pace][] = [
    [RUNNING, "moving"],
    [COMPENSATING, "moving"],
    [STUCK, "waiting"],
    [UNKNOWN, "waiting"],
    [COMPLETED, "settled"],
    [COMPENSATED, "settled"],
  ];
  for (const [state, pace] of cases) {
    expect(sagaPace({ state })).toBe(pace);
  }
  expect(sagaPace(undefined)).toBe("settled");
});
