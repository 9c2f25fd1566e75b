import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FindOrderResponseSchema, OrderStatus, SagaState } from "order-saga-client";
import { expect, test } from "vitest";
import type { Pace } from "../../api/pace.ts";
import { orderPace } from "./orderPace.ts";

const { APPROVAL_PENDING, APPROVED, REJECTED, CANCEL_PENDING } = OrderStatus;
const PLACED = 1_700_000_000_000;

const found = (status: OrderStatus, ...states: SagaState[]) =>
  create(FindOrderResponseSchema, {
    order: { status, createdAt: timestampFromMs(PLACED) },
    sagas: states.map((state) => ({ state, startedAt: timestampFromMs(PLACED) })),
  });

test("an order is asked for again as long as something moves", () => {
  const now = PLACED + 5_000;
  const { RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, UNKNOWN } = SagaState;
  expect(orderPace(undefined, now)).toBe("settled");
  const cases: [ReturnType<typeof found>, Pace][] = [
    [found(APPROVAL_PENDING), "moving"],
    [found(APPROVAL_PENDING, RUNNING), "moving"],
    [found(REJECTED, COMPENSATING), "moving"],
    [found(APPROVED, COMPLETED), "settled"],
    [found(CANCEL_PENDING, COMPLETED), "moving"],
    [found(CANCEL_PENDING, COMPLETED, STUCK), "waiting"],
    [found(APPROVED, COMPLETED, COMPENSATED), "settled"],
    [found(APPROVED, UNKNOWN), "settled"],
    [found(OrderStatus.UNSPECIFIED, COMPLETED), "waiting"],
    [found(APPROVAL_PENDING, SagaState.UNSPECIFIED), "waiting"],
    [found(APPROVED, SagaState.UNSPECIFIED), "waiting"],
  ];
  for (const [order, pace] of cases) {
    expect(orderPace(order, now)).toBe(pace);
  }
});

test("what takes longer than ten minutes is asked for less often", () => {
  expect(orderPace(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_000)).toBe("moving");
  expect(orderPace(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_001)).toBe("waiting");
  expect(orderPace(found(APPROVAL_PENDING), PLACED + 600_001)).toBe("waiting");
  const canceling = found(CANCEL_PENDING, SagaState.RUNNING);
  if (canceling.order) {
    canceling.order.createdAt = timestampFromMs(PLACED - 3_600_000);
  }
  expect(orderPace(canceling, PLACED + 1_000)).toBe("moving");
});
