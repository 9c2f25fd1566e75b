import { Code } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { ProductSchema, REASONS, type Reason, type ReasonName } from "order-saga-client";
import { expect, test } from "vitest";
import { add, type Basket } from "./basket.ts";
import { EMPTY } from "./keptBasket.ts";
import { basketAfter, tellRefusal } from "./refusal.ts";

const BASKET: Basket = ["pizza", "salad"].reduce(
  (basket, productId) =>
    add(
      basket,
      create(ProductSchema, { productId, name: productId, unitPrice: { currency: "EUR", minorUnits: 1150n } }),
    ),
  EMPTY,
);

function reason(name: ReasonName | undefined, more: Partial<Reason> = {}): Reason {
  const tell = name === undefined ? "Something went wrong." : REASONS[name].tell;
  const none = { message: "", metadata: {}, violations: [], retryAfterMs: undefined };
  return { name, code: Code.FailedPrecondition, tell, ...none, ...more };
}

test("a changed price is marked in the basket with the new price of the metadata", () => {
  const metadata = { product: "salad", currency: "EUR", minor_units: "1200" };
  const { lines } = basketAfter(BASKET, reason("PRICE_CHANGED", { metadata }));
  expect(lines.map(({ newPrice }) => newPrice)).toEqual([undefined, { currency: "EUR", minorUnits: 1200n }]);
});

test("a changed price without its metadata, and any other refusal, leave the basket as it is", () => {
  const metadata = { product: "salad", currency: "EUR", minor_units: "1200" };
  for (const missing of ["currency", "minor_units"]) {
    const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== missing));
    expect(basketAfter(BASKET, reason("PRICE_CHANGED", { metadata: rest })), missing).toBe(BASKET);
  }
  expect(basketAfter(BASKET, reason("ABOVE_APPROVAL_LIMIT", { metadata }))).toBe(BASKET);
});

test("a product that is gone is marked in the basket", () => {
  const { lines } = basketAfter(BASKET, reason("UNKNOWN_PRODUCT", { metadata: { product: "pizza" } }));
  expect(lines.map(({ isGone }) => isGone)).toEqual([true, false]);
});

test("every reason for which CreateOrder is refused is told in the catalogue's words", () => {
  const names = (Object.keys(REASONS) as ReasonName[]).filter((name) => {
    const { rpcs } = REASONS[name];
    return typeof rpcs === "string" || (rpcs as readonly string[]).includes("CreateOrder");
  });
  expect(names).toContain("CARD_NUMBER_SENT");
  for (const name of names.filter((name) => name !== "IDEMPOTENCY_KEY_REUSED")) {
    expect(tellRefusal(BASKET, reason(name)).words, name).toBe(REASONS[name].tell);
  }
});

test("above the limit, both the total and the limit are told", () => {
  const metadata = { currency: "EUR", total_minor_units: "120000", limit_minor_units: "100000" };
  expect(tellRefusal(BASKET, reason("ABOVE_APPROVAL_LIMIT", { metadata })).words).toBe(
    `${REASONS.ABOVE_APPROVAL_LIMIT.tell} It comes to €1,200.00; at most €1,000.00 can be ordered at once.`,
  );
});

test("each fault is told beside its field, and what has no field in the words", () => {
  const violations = [
    { field: "items[1].quantity", description: "must be a whole number from 1 to 1000" },
    { field: "card_token", description: "must be given" },
    { field: "items[7].quantity", description: "must be small" },
    { field: "items", description: "must have 1 to 50 elements" },
  ];
  const told = tellRefusal(BASKET, reason("INVALID_REQUEST", { violations }));
  expect([...told.lines]).toEqual([["salad", "This must be a whole number from 1 to 1000."]]);
  expect(told.card).toBe("The card must be given.");
  expect(told.words).toBe(
    `${REASONS.INVALID_REQUEST.tell} items[7].quantity must be small. items must have 1 to 50 elements.`,
  );
});

test("after a refusal there is no order, and after no answer nobody knows", () => {
  const placed = (code: Code) => tellRefusal(BASKET, reason(undefined, { code })).mayBePlaced;
  for (const code of [Code.FailedPrecondition, Code.InvalidArgument, Code.PermissionDenied, Code.Unauthenticated]) {
    expect(placed(code), Code[code]).toBe(false);
  }
  for (const code of [Code.Unavailable, Code.DeadlineExceeded, Code.Internal, Code.Unknown, Code.Canceled]) {
    expect(placed(code), Code[code]).toBe(true);
  }
});

test("a basket that was changed after a press that got through needs another intent", () => {
  const told = tellRefusal(BASKET, reason("IDEMPOTENCY_KEY_REUSED"));
  expect(told).toMatchObject({ mayBePlaced: true, needsNewIntent: true });
  expect(told.title).toBe("Your basket was ordered before you changed it");
  expect(tellRefusal(BASKET, reason("PRICE_CHANGED")).needsNewIntent).toBe(false);
});

test("whoever is not signed in any more is asked to sign in", () => {
  expect(tellRefusal(BASKET, reason("TOKEN_EXPIRED", { code: Code.Unauthenticated })).needsSignIn).toBe(true);
  expect(tellRefusal(BASKET, reason("PRICE_CHANGED")).needsSignIn).toBe(false);
});
