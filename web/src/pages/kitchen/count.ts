/** The limit of SetStock. */
const MAX_COUNT = 1_000_000;

/** What is wrong with a count as it was typed; undefined if it can be set. */
export function countFault(typed: string): string | undefined {
  const isRight = /^\d{1,7}$/.test(typed) && Number(typed) <= MAX_COUNT;
  return isRight ? undefined : `Give a whole number from 0 to ${MAX_COUNT.toLocaleString("en")}.`;
}

/** What is wrong with a product's id as it was typed; undefined if there may be such a product. */
export function productIdFault(typed: string): string | undefined {
  const isRight = /^[a-z0-9_-]{1,64}$/.test(typed);
  return isRight ? undefined : "An id has 1 to 64 lower-case letters, digits, - or _.";
}
