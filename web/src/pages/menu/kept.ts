import { placeOf } from "../../session/kept.ts";
import type { Price } from "../../ui/money.ts";
import { type Basket, type Line, MAX_LINES } from "./basket.ts";
import { cardOf } from "./cards.ts";

/** A basket with nothing in it. */
export const EMPTY: Basket = { lines: [], card: cardOf("").id };

/** A person's basket in this tab. It outlives a reload, and everything that shows it is told of each change. */
export class KeptBasket {
  readonly #place: string;
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  #basket: Basket;

  constructor(person: string, storage: Storage = window.sessionStorage) {
    this.#place = placeOf(person, "basket");
    this.#storage = storage;
    this.#basket = parse(storage.getItem(this.#place));
  }

  readonly now = (): Basket => this.#basket;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(how: (basket: Basket) => Basket): void {
    this.#basket = how(this.#basket);
    this.#storage.setItem(this.#place, text(this.#basket));
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** What was in it is ordered; the card stays chosen. */
  empty(): void {
    this.change(({ card }) => ({ ...EMPTY, card }));
  }
}

const baskets = new Map<string, KeptBasket>();

/** The basket of this person; all who ask share it. */
export function basketOf(person: string): KeptBasket {
  const kept = baskets.get(person) ?? new KeptBasket(person);
  baskets.set(person, kept);
  return kept;
}

/** JSON has no bigint. */
function text(basket: Basket): string {
  return JSON.stringify(basket, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** What was kept, as far as it can be read: another version of the console may have written it. */
function parse(kept: string | null): Basket {
  try {
    const { lines, card } = JSON.parse(kept ?? "") as Kept;
    return { lines: lines.slice(0, MAX_LINES).map(lineOf), card: cardOf(card).id };
  } catch {
    return EMPTY;
  }
}

interface Kept {
  lines: (Omit<Line, "price" | "newPrice"> & { price: KeptPrice; newPrice?: KeptPrice })[];
  card: string;
}

interface KeptPrice {
  currency: string;
  minorUnits: string;
}

function lineOf({ price, newPrice, ...line }: Kept["lines"][number]): Line {
  return { ...line, price: priceOf(price), newPrice: newPrice && priceOf(newPrice) };
}

function priceOf({ currency, minorUnits }: KeptPrice): Price {
  return { currency, minorUnits: BigInt(minorUnits) };
}
