/** From here on it is said how little is left. */
const LOW = 5;

/** How much is left of a product, as a customer wants to know it. */
export interface StockTold {
  level: "plenty" | "low" | "out";
  words: string;
}

/** How much is left, in words; undefined if it is not known. */
export function stockTold(available: number | undefined): StockTold | undefined {
  if (available === undefined) {
    return undefined;
  }
  if (available <= 0) {
    return { level: "out", words: "Sold out" };
  }
  const left = `${available.toLocaleString("en")} left`;
  return available <= LOW ? { level: "low", words: `Only ${left}` } : { level: "plenty", words: left };
}

/** What to say of a quantity in the basket that is more than what is left; the kitchen decides when it is asked. */
export function shortage(quantity: number, available: number | undefined): string | undefined {
  if (available === undefined || quantity <= available) {
    return undefined;
  }
  const left = available <= 0 ? "This is sold out" : `There are only ${String(available)} left`;
  return `${left}: the kitchen will probably refuse this order.`;
}
