import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FindOrderResponseSchema, OrderStatus, SagaState } from "order-saga-client";
import { expect, test } from "vitest";
import type { Pace } from "../../api/pace.ts";
import { orderTold, paceOf } from "./progress.ts";

const { APPROVAL_PENDING, APPROVED, REJECTED, CANCEL_PENDING, CANCELED } = OrderStatus;
const PLACED = 1_700_000_000_000;

const found = (status: OrderStatus, ...states: SagaState[]) =>
  create(FindOrderResponseSchema, {
    order: { status, createdAt: timestampFromMs(PLACED) },
    sagas: states.map((state) => ({ state, startedAt: timestampFromMs(PLACED) })),
  });

test("a customer is told how the order stands, and what can be done", () => {
  const cases: [OrderStatus, string, string, string, string | undefined][] = [
    [APPROVAL_PENDING, "", "Your order is being checked", "plain", undefined],
    [APPROVED, "", "Your order is approved", "good", "cancel"],
    [APPROVED, "COOKING_HAS_STARTED", "Your order could not be canceled", "warn", undefined],
    [APPROVED, "NO_ANSWER", "Your order could not be canceled", "warn", "cancel"],
    [REJECTED, "CARD_DECLINED", "Your order was not accepted", "bad", "order-again"],
    [CANCEL_PENDING, "", "Your order is being canceled", "plain", undefined],
    [CANCELED, "", "Your order is canceled", "plain", "order-again"],
    [OrderStatus.UNSPECIFIED, "", "Your order is in a state that this page does not know", "warn", undefined],
  ];
  for (const [status, reason, title, kind, deed] of cases) {
    expect(orderTold({ status, reason }, "moving")).toMatchObject({ title, kind, deed });
  }
});

test("a reason is told in the catalogue's words, and a reason that came later without them", () => {
  const text = (reason: string) => orderTold({ status: REJECTED, reason }, "settled").text;
  expect(text("CARD_DECLINED")).toBe(
    "Your bank has declined the card: please pay with another card. Nothing was charged.",
  );
  expect(text("FROM_TOMORROW")).toBe(
    "The reason, FROM_TOMORROW, came later than this page: ask us, please. Nothing was charged.",
  );
  expect(text("")).toBe("Nothing was charged.");
  expect(text("NO_ANSWER").match(/nothing was charged/gi)).toHaveLength(1);
  expect(orderTold({ status: APPROVED, reason: "COOKING_HAS_STARTED" }, "settled").text).toBe(
    "The order is being cooked already. It stays as you ordered it.",
  );
});

test("a customer is told when it takes longer than it should", () => {
  for (const status of [APPROVAL_PENDING, CANCEL_PENDING]) {
    expect(orderTold({ status, reason: "" }, "waiting").text).toContain("longer than it should");
    expect(orderTold({ status, reason: "" }, "moving").text).not.toContain("longer than it should");
  }
});

test("an order is asked for again as long as something moves", () => {
  const now = PLACED + 5_000;
  const { RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, UNKNOWN } = SagaState;
  expect(paceOf(undefined, now)).toBe("settled");
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
    expect(paceOf(order, now)).toBe(pace);
  }
});

test("what takes longer than ten minutes is asked for less often", () => {
  expect(paceOf(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_000)).toBe("moving");
  expect(paceOf(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_001)).toBe("waiting");
  expect(paceOf(found(APPROVAL_PENDING), PLACED + 600_001)).toBe("waiting");
  const canceling = found(CANCEL_PENDING, SagaState.RUNNING);
  if (canceling.order) {
    canceling.order.createdAt = timestampFromMs(PLACED - 3_600_000);
  }
  expect(paceOf(canceling, PLACED + 1_000)).toBe("moving");
});
