import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CreateOrderRequestSchema, Product } from "order-saga-client";
import { type Price, times } from "../../ui/money.ts";

/** One product of the basket. */
export interface Line {
  productId: string;
  name: string;
  /** As it was typed: `quantityFault` says whether it can be ordered. */
  quantity: number;
  /** What the customer was shown and wants to pay. */
  price: Price;
  /** What it costs now, until the customer has accepted that. */
  newPrice: Price | undefined;
  /** The menu does not have it any more. */
  isGone: boolean;
}

/** What somebody wants to order, and the card for it. */
export interface Basket {
  lines: readonly Line[];
  /** The card's `id` in `cards.ts`. */
  card: string;
  /** The order that was made of it, until something is in it again. */
  ordered: string | undefined;
}

/** The limits of CreateOrder. */
export const MAX_LINES = 50;
export const MAX_QUANTITY = 1000;

/** Whether the product can come into the basket. */
export function hasRoomFor({ lines }: Basket, productId: string): boolean {
  const line = lines.find((line) => line.productId === productId);
  return line === undefined ? lines.length < MAX_LINES : line.quantity < MAX_QUANTITY;
}

/** One more of the product, at the price that the menu shows now. */
export function add(basket: Basket, { productId, name, unitPrice }: Product): Basket {
  if (unitPrice === undefined || !hasRoomFor(basket, productId)) {
    return basket;
  }
  const price = { currency: unitPrice.currency, minorUnits: unitPrice.minorUnits };
  if (!basket.lines.some((line) => line.productId === productId)) {
    return {
      ...basket,
      ordered: undefined,
      lines: [...basket.lines, { productId, name, quantity: 1, price, newPrice: undefined, isGone: false }],
    };
  }
  return change(basket, productId, (line) => ({
    ...repriced(line, price),
    quantity: Math.floor(line.quantity) + 1,
    isGone: false,
  }));
}

/** Another quantity of a product that is there. */
export function setQuantity(basket: Basket, productId: string, quantity: number): Basket {
  return change(basket, productId, (line) => ({ ...line, quantity }));
}

/** The product is out of the basket. */
export function remove(basket: Basket, productId: string): Basket {
  return { ...basket, lines: basket.lines.filter((line) => line.productId !== productId) };
}

/** What is left once this became an order: what came in meanwhile, in another tab, say. */
export function afterOrder(basket: Basket, ordered: Basket, orderId: string): Basket {
  const left = basket.lines.map((line) => {
    const taken = ordered.lines.find(({ productId }) => productId === line.productId)?.quantity ?? 0;
    return { ...line, quantity: line.quantity - taken };
  });
  return { ...basket, lines: left.filter(({ quantity }) => quantity > 0), ordered: orderId };
}

/** The product costs something else now, which the customer has to accept before it is ordered. */
export function reprice(basket: Basket, productId: string, price: Price): Basket {
  return change(basket, productId, (line) => repriced(line, price));
}

/** The customer takes the product at its new price. */
export function acceptPrice(basket: Basket, productId: string): Basket {
  return change(basket, productId, (line) => ({ ...line, price: priceNow(line), newPrice: undefined }));
}

/** The menu does not have the product any more. */
export function markGone(basket: Basket, productId: string): Basket {
  return change(basket, productId, (line) => ({ ...line, isGone: true }));
}

/** What is wrong with a quantity, in words for the customer; undefined if it can be ordered. */
export function quantityFault(quantity: number): string | undefined {
  const isRight = Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
  return isRight ? undefined : `Choose a whole number from 1 to ${String(MAX_QUANTITY)}.`;
}

/** Why the basket cannot be ordered as it is, in words for the customer; undefined if it can. */
export function hindrance({ lines }: Basket): string | undefined {
  if (lines.length === 0) {
    return "Your basket is empty.";
  }
  if (lines.some((line) => line.isGone)) {
    return "Remove what is no longer on the menu.";
  }
  if (lines.some((line) => quantityFault(line.quantity) !== undefined)) {
    return "Correct the quantity that is marked.";
  }
  return lines.some((line) => line.newPrice) ? "Accept the new price, or remove the product." : undefined;
}

/** What a product of the basket costs now, whether the customer has accepted that or not. */
export function priceNow({ price, newPrice }: Line): Price {
  return newPrice ?? price;
}

/** What a line costs now; undefined if it cannot be ordered. */
export function costOf(line: Line): Price | undefined {
  const { quantity, isGone } = line;
  return isGone || quantityFault(quantity) !== undefined ? undefined : times(priceNow(line), quantity);
}

/** What the basket costs now, in each currency, the first in it first. */
export function totals({ lines }: Basket): Price[] {
  const sums = new Map<string, bigint>();
  for (const line of lines) {
    const cost = costOf(line);
    if (cost !== undefined) {
      sums.set(cost.currency, (sums.get(cost.currency) ?? 0n) + cost.minorUnits);
    }
  }
  return [...sums].map(([currency, minorUnits]) => ({ currency, minorUnits }));
}

/** What is sent for a basket without a hindrance: each product at the price that the customer was shown. */
export function orderRequestOf(
  { lines }: Basket,
  cardToken: string,
): MessageInitShape<typeof CreateOrderRequestSchema> {
  const items = lines.map(({ productId, quantity, price }) => ({ productId, quantity, unitPrice: price }));
  return { items, cardToken };
}

function change(basket: Basket, productId: string, how: (line: Line) => Line): Basket {
  return { ...basket, lines: basket.lines.map((line) => (line.productId === productId ? how(line) : line)) };
}

function repriced(line: Line, now: Price): Line {
  const isSame = line.price.currency === now.currency && line.price.minorUnits === now.minorUnits;
  return { ...line, newPrice: isSame ? undefined : now };
}
