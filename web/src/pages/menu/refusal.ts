import { Code } from "@connectrpc/connect";
import type { Reason } from "order-saga-client";
import { mayBeDone } from "../../api/outcome.ts";
import { priceOf } from "../../ui/money.ts";
import { type Basket, markGone, reprice } from "./basket.ts";

/** What to show after an order was refused, or not answered. */
export interface RefusalTold {
  /** What became of the order. */
  title: string;
  /** Why, and what to do. */
  words: string;
  /** What is wrong with a product's line, by its id. */
  lines: ReadonlyMap<string, string>;
  /** What is wrong with the card. */
  card: string | undefined;
  /** Nobody can tell from here: the list of orders can. */
  mayBePlaced: boolean;
  /** An earlier press, of a basket that was another one, has placed an order: what is in the basket now is a new one. */
  needsNewIntent: boolean;
  needsSignIn: boolean;
}

/** The basket after it was refused for this reason: what has changed on the menu is marked in it. */
export function basketAfter(basket: Basket, { name, metadata }: Reason): Basket {
  const { product = "", currency, minor_units: minorUnits } = metadata;
  if (name === "PRICE_CHANGED" && currency !== undefined && minorUnits !== undefined) {
    return reprice(basket, product, { currency, minorUnits: BigInt(minorUnits) });
  }
  return name === "UNKNOWN_PRODUCT" ? markGone(basket, product) : basket;
}

/** The reason in a customer's words, beside what it is about. */
export function tellRefusal(basket: Basket, reason: Reason): RefusalTold {
  const told = mayBeDone(reason.code) ? UNKNOWN : NOT_PLACED;
  const base = {
    ...told,
    words: reason.tell,
    lines: new Map<string, string>(),
    card: undefined,
    needsNewIntent: false,
  };
  const needsSignIn = reason.code === Code.Unauthenticated;
  switch (reason.name) {
    case "IDEMPOTENCY_KEY_REUSED":
      return { ...base, ...REUSED, needsNewIntent: true, needsSignIn };
    case "ABOVE_APPROVAL_LIMIT":
      return { ...base, words: aboveLimit(reason) ?? reason.tell, needsSignIn };
    case "INVALID_REQUEST":
      return { ...base, ...faultsOf(basket, reason), needsSignIn };
    default:
      return { ...base, needsSignIn };
  }
}

const NOT_PLACED = { title: "Your order was not placed", mayBePlaced: false };

/** To press again is safe, as the intent is the same. */
const UNKNOWN = { title: "We do not know yet whether your order was placed", mayBePlaced: true };

/** What to tell of a press without a network: nothing has left this device. */
export const UNSENT: RefusalTold = {
  title: "Your order was not sent: there is no network",
  words: "Place it again when the network is back.",
  lines: new Map(),
  card: undefined,
  mayBePlaced: false,
  needsNewIntent: false,
  needsSignIn: false,
};

const REUSED = {
  title: "Your basket was ordered before you changed it",
  words: "An earlier press got through. Look at your orders first: what is in the basket now would be one more.",
  mayBePlaced: true,
};

function aboveLimit({ metadata, tell }: Reason): string | undefined {
  const { currency, total_minor_units: total, limit_minor_units: limit } = metadata;
  if (currency === undefined || total === undefined || limit === undefined) {
    return undefined;
  }
  const amount = (minorUnits: string) => priceOf({ currency, minorUnits: BigInt(minorUnits) });
  return `${tell} It comes to ${amount(total)}; at most ${amount(limit)} can be ordered at once.`;
}

/** Each fault beside its field; what is about no field here stays in the words. */
function faultsOf({ lines }: Basket, { violations, tell }: Reason): Pick<RefusalTold, "words" | "lines" | "card"> {
  const byLine = new Map<string, string>();
  const others: string[] = [];
  let card: string | undefined;
  for (const { field, description } of violations) {
    const [, index] = /^items\[(\d+)\]/.exec(field) ?? [];
    const line = index === undefined ? undefined : lines[Number(index)];
    if (line) {
      byLine.set(line.productId, `This ${description}.`);
    } else if (field === "card_token") {
      card = `The card ${description}.`;
    } else {
      others.push(`${field} ${description}.`);
    }
  }
  return { words: [tell, ...others].join(" "), lines: byLine, card };
}
