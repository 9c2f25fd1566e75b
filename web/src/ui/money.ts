import type { Money } from "order-saga-client";

/** An amount, as the contract has it. */
export type Price = Pick<Money, "currency" | "minorUnits">;

/** What so many of something cost together, to the last minor unit. */
export function times({ currency, minorUnits }: Price, quantity: number): Price {
  return { currency, minorUnits: BigInt(quantity) * minorUnits };
}

/** An amount in its currency's major units, as people write it: 11.50 EUR is €11.50. */
export function priceOf({ currency, minorUnits }: Price): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  // A text, because a number would round the largest amounts.
  const padded = minorUnits.toString().padStart(digits + 1, "0");
  const decimal = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
  return format.format(decimal as Intl.StringNumericLiteral);
}
