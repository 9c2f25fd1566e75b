/** The limit of SetStock. */
const MAX_COUNT = 1_000_000;

/** What is wrong with a count as it was typed; undefined if it can be set. */
export function countFault(typed: string): string | undefined {
  const isRight = /^\d{1,7}$/.test(typed) && Number(typed) <= MAX_COUNT;
  return isRight ? undefined : `Give a whole number from 0 to ${MAX_COUNT.toLocaleString("en")}.`;
}
