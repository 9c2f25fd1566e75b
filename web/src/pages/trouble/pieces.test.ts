import { create } from "@bufbuild/protobuf";
import { ProductSchema, StockSchema } from "order-saga-client";
import { expect, test } from "vitest";
import { morePieces, onePiece } from "./pieces.ts";

const product = (productId: string, minorUnits: bigint) =>
  create(ProductSchema, { productId, unitPrice: { currency: "EUR", minorUnits } });
const stock = (productId: string, available: number) => create(StockSchema, { productId, available });

const MENU = [product("pizza", 1150n), product("salad", 980n), product("truffles", 8900n)];

test("a piece is of the first product that there is", () => {
  expect(onePiece(MENU, [stock("pizza", 0), stock("salad", 1), stock("truffles", 9)])?.productId).toBe("salad");
  expect(onePiece(MENU, [])).toEqual({ productId: "pizza", quantity: 1 });
  expect(onePiece([], [])).toBeUndefined();
});

test("more than there is costs as little as possible", () => {
  expect(morePieces(MENU, [stock("pizza", 200), stock("salad", 120), stock("truffles", 3)])).toEqual({
    productId: "truffles",
    quantity: 4,
  });
  expect(morePieces(MENU, [stock("pizza", 0), stock("salad", 0), stock("truffles", 0)])).toEqual({
    productId: "salad",
    quantity: 1,
  });
  expect(morePieces([], [])).toBeUndefined();
});

test("more than there is can be no more than an order takes", () => {
  const cheap = [product("water", 1n), product("pizza", 1150n)];
  expect(morePieces(cheap, [stock("water", 1000), stock("pizza", 999)])).toEqual({
    productId: "pizza",
    quantity: 1000,
  });
  expect(morePieces(cheap, [stock("water", 1000), stock("pizza", 1000)])).toBeUndefined();
});
