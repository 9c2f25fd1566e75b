import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FindOrderResponseSchema, OrderStatus, SagaState } from "order-saga-client";
import { expect, test } from "vitest";
import { askAgainAfter, orderTold } from "./progress.ts";

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
    expect(orderTold({ status, reason })).toMatchObject({ title, kind, deed });
  }
});

test("a reason is told in the catalogue's words, and a reason that came later without them", () => {
  const text = (reason: string) => orderTold({ status: REJECTED, reason }).text;
  expect(text("CARD_DECLINED")).toBe(
    "Your bank has declined the card: please pay with another card. Nothing was charged.",
  );
  expect(text("FROM_TOMORROW")).toBe("We were not told why. Nothing was charged.");
  expect(text("")).toBe("Nothing was charged.");
  expect(orderTold({ status: APPROVED, reason: "COOKING_HAS_STARTED" }).text).toContain("cooked already");
});

test("an order is asked for again as long as something moves", () => {
  const now = PLACED + 5_000;
  const { RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, UNKNOWN } = SagaState;
  expect(askAgainAfter(undefined, now)).toBe(false);
  const cases: [ReturnType<typeof found>, number | false][] = [
    [found(APPROVAL_PENDING), 1_000],
    [found(APPROVAL_PENDING, RUNNING), 1_000],
    [found(REJECTED, COMPENSATING), 1_000],
    [found(APPROVED, COMPLETED), false],
    [found(CANCEL_PENDING, COMPLETED), 1_000],
    [found(CANCEL_PENDING, COMPLETED, STUCK), 5_000],
    [found(APPROVED, COMPLETED, COMPENSATED), false],
    [found(APPROVED, UNKNOWN), false],
  ];
  for (const [order, pause] of cases) {
    expect(askAgainAfter(order, now)).toBe(pause);
  }
});

test("what takes longer than ten minutes is asked for less often", () => {
  expect(askAgainAfter(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_000)).toBe(1_000);
  expect(askAgainAfter(found(APPROVAL_PENDING, SagaState.RUNNING), PLACED + 600_001)).toBe(5_000);
  expect(askAgainAfter(found(APPROVAL_PENDING), PLACED + 600_001)).toBe(5_000);
});
