import { create } from "@bufbuild/protobuf";
import { ProductSchema } from "order-saga-client";
import { expect, test } from "vitest";
import {
  acceptPrice,
  add,
  type Basket,
  costOf,
  hasRoomFor,
  hindrance,
  markGone,
  MAX_LINES,
  MAX_QUANTITY,
  quantityFault,
  remove,
  reprice,
  orderRequestOf,
  setQuantity,
  totals,
  afterOrder,
} from "./basket.ts";
import { EMPTY } from "./keptBasket.ts";

const eur = (minorUnits: bigint) => ({ currency: "EUR", minorUnits });

function product(productId: string, minorUnits = 1150n, currency = "EUR") {
  return create(ProductSchema, { productId, name: `The ${productId}`, unitPrice: { currency, minorUnits } });
}

const PIZZA = product("pizza");

function basket(...productIds: string[]): Basket {
  return productIds.reduce((basket, productId) => add(basket, product(productId)), EMPTY);
}

test("a product that is added again is there once, with one more", () => {
  const { lines } = basket("pizza", "salad", "pizza");
  expect(lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    ["pizza", 2],
    ["salad", 1],
  ]);
});

test("a product without a price cannot be added", () => {
  expect(add(EMPTY, create(ProductSchema, { productId: "pizza", name: "Pizza" }))).toBe(EMPTY);
});

test("the basket takes as many products as an order has, and as many of each", () => {
  const full = basket(...Array.from({ length: MAX_LINES }, (_, at) => `product-${String(at)}`));
  expect(hasRoomFor(full, "pizza")).toBe(false);
  expect(add(full, PIZZA)).toBe(full);
  expect(add(full, product("product-7")).lines[7]?.quantity).toBe(2);
  const many = setQuantity(basket("pizza"), "pizza", MAX_QUANTITY);
  expect(hasRoomFor(many, "pizza")).toBe(false);
  expect(add(many, PIZZA)).toBe(many);
});

test("a product is removed, and the others stay", () => {
  expect(remove(basket("pizza", "salad"), "pizza").lines.map(({ productId }) => productId)).toEqual(["salad"]);
});

test("what was ordered goes out of the basket, and what came in meanwhile stays", () => {
  const ordered = basket("pizza", "salad", "salad");
  const empty = afterOrder({ ...ordered, card: "late" }, ordered, "order 1");
  expect(empty).toEqual({ lines: [], card: "late", ordered: "order 1" });
  expect(add(empty, PIZZA).ordered).toBeUndefined();
  const { lines } = afterOrder(remove(add(add(ordered, product("cake")), PIZZA), "salad"), ordered, "order 1");
  expect(lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    ["pizza", 1],
    ["cake", 1],
  ]);
});

test("a quantity is a whole number in the order's limits", () => {
  for (const right of [1, 2, MAX_QUANTITY]) {
    expect(quantityFault(right)).toBeUndefined();
  }
  for (const wrong of [0, -1, 1.5, MAX_QUANTITY + 1, Number.NaN]) {
    expect(quantityFault(wrong)).toBe("Choose a whole number from 1 to 1000.");
    expect(hindrance(setQuantity(basket("pizza"), "pizza", wrong))).toMatch("Correct the quantity");
  }
});

test("one more of a half typed quantity is a whole number", () => {
  expect(add(setQuantity(basket("pizza"), "pizza", 1.5), PIZZA).lines[0]?.quantity).toBe(2);
});

test("an empty basket is not ordered, and a filled basket is", () => {
  expect(hindrance(EMPTY)).toMatch("empty");
  expect(hindrance(basket("pizza"))).toBeUndefined();
});

test("a new price is shown beside the old price, and is sent only when it is accepted", () => {
  const repriced = reprice(basket("pizza"), "pizza", eur(1200n));
  expect(repriced.lines[0]).toMatchObject({ price: eur(1150n), newPrice: eur(1200n) });
  expect(hindrance(repriced)).toMatch("Accept the new price");
  expect(totals(repriced)).toEqual([eur(1200n)]);
  const accepted = acceptPrice(repriced, "pizza");
  expect(hindrance(accepted)).toBeUndefined();
  expect(acceptPrice(accepted, "pizza")).toEqual(accepted);
  expect(orderRequestOf(accepted, "tok").items).toEqual([{ productId: "pizza", quantity: 1, unitPrice: eur(1200n) }]);
});

test("the new price can be the old price again, but not in another currency", () => {
  const repriced = reprice(basket("pizza"), "pizza", eur(1200n));
  expect(hindrance(reprice(repriced, "pizza", eur(1150n)))).toBeUndefined();
  expect(hindrance(reprice(repriced, "pizza", { currency: "USD", minorUnits: 1150n }))).toBeDefined();
});

test("a product that is added at another price than before has a new price", () => {
  expect(add(basket("pizza"), product("pizza", 1200n)).lines[0]).toMatchObject({
    quantity: 2,
    price: eur(1150n),
    newPrice: eur(1200n),
  });
});

test("what is gone from the menu hinders the order, costs nothing, and is back when it is added again", () => {
  const gone = markGone(basket("pizza", "salad"), "pizza");
  expect(hindrance(gone)).toMatch("no longer on the menu");
  expect(totals(gone)).toEqual([eur(1150n)]);
  expect(hindrance(add(gone, PIZZA))).toBeUndefined();
});

test("a line costs its price now times its quantity, and nothing that could be told if it cannot be ordered", () => {
  const costOfPizza = (basket: Basket) => basket.lines.map(costOf)[0];
  const three = setQuantity(basket("pizza"), "pizza", 3);
  expect(costOfPizza(three)).toEqual(eur(3450n));
  expect(costOfPizza(reprice(three, "pizza", eur(1200n)))).toEqual(eur(3600n));
  expect(costOfPizza(markGone(three, "pizza"))).toBeUndefined();
  expect(costOfPizza(setQuantity(three, "pizza", 1.5))).toBeUndefined();
});

test("the total is told for each currency, without what cannot be ordered", () => {
  let mixed = add(setQuantity(basket("pizza", "salad"), "pizza", 3), product("ramen", 900n, "JPY"));
  expect(totals(mixed)).toEqual([eur(4600n), { currency: "JPY", minorUnits: 900n }]);
  mixed = setQuantity(mixed, "pizza", 0.5);
  expect(totals(mixed)).toEqual([eur(1150n), { currency: "JPY", minorUnits: 900n }]);
});

test("each product is sent at the price that the customer was shown, with the card", () => {
  expect(orderRequestOf(setQuantity(basket("pizza", "salad"), "salad", 4), "tok_visa")).toEqual({
    items: [
      { productId: "pizza", quantity: 1, unitPrice: eur(1150n) },
      { productId: "salad", quantity: 4, unitPrice: eur(1150n) },
    ],
    cardToken: "tok_visa",
  });
});
