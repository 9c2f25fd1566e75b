import { create } from "@bufbuild/protobuf";
import { Order_LineItemSchema, OrderStatus, REASONS } from "order-saga-client";
import { expect, test } from "vitest";
import { namesBy } from "../../api/menu.ts";
import { itemsTold, reasonTold, statusTold } from "./status.ts";
import { askAgainAfter } from "./useOrders.ts";

const { APPROVED, REJECTED, CANCELED, APPROVAL_PENDING, CANCEL_PENDING } = OrderStatus;

test("every status has words of its own", () => {
  const statuses = Object.values(OrderStatus).filter((status) => typeof status === "number");
  const words = statuses.map((status) => statusTold(status).words);
  expect(new Set(words).size).toBe(statuses.length);
  expect(words.filter((word) => word === "Unknown")).toHaveLength(1);
});

test("a reason is told for an order that was rejected, and for a cancellation that was refused", () => {
  expect(reasonTold({ status: REJECTED, reason: "CARD_DECLINED" })).toBe(REASONS.CARD_DECLINED.tell);
  expect(reasonTold({ status: APPROVED, reason: "COOKING_HAS_STARTED" })).toBe(
    "It could not be canceled. The order is being cooked already.",
  );
  expect(reasonTold({ status: CANCELED, reason: "COOKING_HAS_STARTED" })).toBeUndefined();
  expect(reasonTold({ status: APPROVED, reason: "" })).toBeUndefined();
  expect(reasonTold({ status: REJECTED, reason: "" })).toBeUndefined();
});

test("a reason that came later than this console is told without its words", () => {
  expect(reasonTold({ status: REJECTED, reason: "FROM_THE_FUTURE" })).toBe("The order's page says more.");
});

test("while something happens the orders are asked for every second, else every five, and each page is a call", () => {
  for (const status of [APPROVAL_PENDING, CANCEL_PENDING]) {
    expect(askAgainAfter([{ status: APPROVED }, { status }], 1)).toBe(1_000);
    expect(askAgainAfter([{ status: APPROVED }, { status }], 3)).toBe(3_000);
  }
  expect(
    askAgainAfter(
      [APPROVED, REJECTED, CANCELED].map((status) => ({ status })),
      2,
    ),
  ).toBe(10_000);
  expect(askAgainAfter([], 0)).toBe(5_000);
});

test("an order's items are told in short, by name where the menu has it", () => {
  const items = ["pizza", "salad", "wine", "cake", "tea"].map((productId, at) =>
    create(Order_LineItemSchema, { productId, quantity: at + 1 }),
  );
  const nameOf = namesBy([{ productId: "pizza", name: "Pizza Margherita" }]);
  expect(itemsTold(items, nameOf)).toBe("1 × Pizza Margherita, 2 × Salad, 3 × Wine and 2 more");
  expect(itemsTold(items.slice(0, 3), nameOf)).toBe("1 × Pizza Margherita, 2 × Salad, 3 × Wine");
});
