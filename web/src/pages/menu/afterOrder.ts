import type { Basket } from "./basket.ts";

/** What is left once this became an order: what came in meanwhile, in another tab, say. */
export function afterOrder(basket: Basket, ordered: Basket, orderId: string): Basket {
  const left = basket.lines.map((line) => {
    const taken = ordered.lines.find(({ productId }) => productId === line.productId)?.quantity ?? 0;
    return { ...line, quantity: line.quantity - taken };
  });
  const lines = left.filter(({ quantity }) => quantity > 0);
  return { ...basket, lines, ordered: lines.length === 0 ? orderId : undefined };
}
