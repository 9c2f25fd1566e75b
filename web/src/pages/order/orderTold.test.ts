import { OrderStatus } from "order-saga-client";
import { expect, test } from "vitest";
import { orderTold } from "./orderTold.ts";

const { APPROVAL_PENDING, APPROVED, REJECTED, CANCEL_PENDING, CANCELED } = OrderStatus;

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
