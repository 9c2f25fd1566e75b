import { storageKeyOf, sharedByTabs } from "../../session/kept.ts";
import type { Price } from "../../ui/money.ts";
import { type Basket, type Line, MAX_LINES } from "./basket.ts";
import { cardOf } from "./cards.ts";

/** A basket with nothing in it. */
export const EMPTY: Basket = { lines: [], card: cardOf("").id, ordered: undefined };

/**
 * A person's basket, one for all tabs: whoever opens the menu in a second tab goes on with what is in it. The storage is the
 * only truth, so that no tab writes over what another has put in. Everything that shows the basket is told of each change.
 */
export class KeptBasket {
  readonly #key: string;
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  #text: string | null = null;
  #basket = EMPTY;

  constructor(person: string, storage: Storage = sharedByTabs(), tab: EventTarget = window) {
    this.#key = storageKeyOf(person, "basket");
    this.#storage = storage;
    // The browser tells a tab what the others write; without a key, that all is gone.
    tab.addEventListener("storage", (event) => {
      const { key } = event as StorageEvent;
      if (key === this.#key || key === null) {
        this.#tell();
      }
    });
  }

  /** As it is kept; the same object until it changes. */
  readonly now = (): Basket => {
    const text = this.#storage.getItem(this.#key);
    if (text !== this.#text) {
      this.#text = text;
      this.#basket = parse(text);
    }
    return this.#basket;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(how: (basket: Basket) => Basket): void {
    const before = this.now();
    const after = how(before);
    // An answer that comes in while its person signs out brings nothing back.
    if (after !== before) {
      this.#storage.setItem(this.#key, textOf(after));
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
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
function textOf(basket: Basket): string {
  return JSON.stringify(basket, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** What was kept, as far as it can be read: another version of the console may have written it. */
function parse(kept: string | null): Basket {
  try {
    const { lines, card, ordered } = JSON.parse(kept ?? "") as Kept;
    return { lines: lines.slice(0, MAX_LINES).map(lineOf), card: cardOf(card).id, ordered };
  } catch {
    return EMPTY;
  }
}

interface Kept {
  lines: (Omit<Line, "price" | "newPrice"> & { price: KeptPrice; newPrice?: KeptPrice })[];
  card: string;
  ordered?: string;
}

interface KeptPrice {
  currency: string;
  minorUnits: string;
}

function lineOf({ price, newPrice, ...line }: Kept["lines"][number]): Line {
  return { ...line, price: parsedPrice(price), newPrice: newPrice && parsedPrice(newPrice) };
}

function parsedPrice({ currency, minorUnits }: KeptPrice): Price {
  return { currency, minorUnits: BigInt(minorUnits) };
}
