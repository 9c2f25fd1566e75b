import type { Money } from "order-saga-client";

/** An amount in its currency's major units, as people write it: 11.50 EUR is €11.50. */
export function priceOf({ currency, minorUnits }: Pick<Money, "currency" | "minorUnits">): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  // A text, because a number would round the largest amounts.
  const padded = minorUnits.toString().padStart(digits + 1, "0");
  const decimal = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
  return format.format(decimal as Intl.StringNumericLiteral);
}
