import { create } from "@bufbuild/protobuf";
import { ProductSchema } from "order-saga-client";
import { expect, test } from "vitest";
import { afterOrder } from "./afterOrder.ts";
import { add, type Basket, remove } from "./basket.ts";
import { EMPTY } from "./keptBasket.ts";

function product(productId: string) {
  return create(ProductSchema, { productId, unitPrice: { currency: "EUR", minorUnits: 1150n } });
}

function basket(...productIds: string[]): Basket {
  return productIds.reduce((basket, productId) => add(basket, product(productId)), EMPTY);
}

test("what was ordered goes out of the basket, and what came in meanwhile stays", () => {
  const ordered = basket("pizza", "salad", "salad");
  const empty = afterOrder({ ...ordered, card: "late" }, ordered, "order 1");
  expect(empty).toEqual({ lines: [], card: "late", ordered: "order 1" });
  expect(add(empty, product("pizza")).ordered).toBeUndefined();
  const rest = afterOrder(remove(add(add(ordered, product("cake")), product("pizza")), "salad"), ordered, "order 1");
  expect(rest.lines.map(({ productId, quantity }) => [productId, quantity])).toEqual([
    ["pizza", 1],
    ["cake", 1],
  ]);
});

test("a basket is not said to be ordered once it was emptied of what was never ordered", () => {
  const ordered = basket("pizza");
  const rest = afterOrder(basket("pizza", "salad"), ordered, "order 1");
  expect(remove(rest, "salad")).toMatchObject({ lines: [], ordered: undefined });
  expect(afterOrder(ordered, ordered, "order 1").ordered).toBe("order 1");
});
