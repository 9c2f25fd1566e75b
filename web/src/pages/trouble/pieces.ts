import type { Product, Stock } from "order-saga-client";
import { MAX_QUANTITY } from "../menu/basket.ts";

/** So many pieces of a product. */
export interface Pieces {
  productId: string;
  quantity: number;
}

/** One piece of the first product that there is, or else of the first product. */
export function onePiece(products: readonly Product[], stock: readonly Stock[]): Pieces | undefined {
  const has = (product: Product) => availableOf(product, stock) > 0;
  const product = products.find(has) ?? products[0];
  return product && { productId: product.productId, quantity: 1 };
}

/**
 * One piece more than there is, of the product of which that costs least: an order that is too dear is refused for that.
 * Undefined if there is more of every product than can be ordered.
 */
export function morePieces(products: readonly Product[], stock: readonly Stock[]): Pieces | undefined {
  const pieces = (product: Product) => availableOf(product, stock) + 1;
  const costs = (product: Product) => BigInt(pieces(product)) * (product.unitPrice?.minorUnits ?? 0n);
  const [first, ...others] = products.filter((product) => pieces(product) <= MAX_QUANTITY);
  if (first === undefined) {
    return undefined;
  }
  const cheapest = others.reduce((best, other) => (costs(other) < costs(best) ? other : best), first);
  return { productId: cheapest.productId, quantity: pieces(cheapest) };
}

function availableOf({ productId }: Product, stock: readonly Stock[]): number {
  return stock.find((one) => one.productId === productId)?.available ?? 0;
}
