import { durationOf } from "../../ui/duration.ts";
import type { Trouble } from "./troubles.ts";

/** What a person can do about a trouble: try it with an order of their own, start it, sign in as a customer, or wait. */
export type Deed = "try" | "start" | "sign in" | "wait" | undefined;

/** What the person can do now; undefined if the trouble is on and they place no orders. */
export function deedOf({ lastsSeconds, on, waitsFor }: Trouble, mayOrder: boolean): Deed {
  if (mayOrder) {
    return "try";
  }
  if (waitsFor !== null) {
    return "wait";
  }
  if (lastsSeconds === 0) {
    return "sign in";
  }
  return on === null ? "start" : undefined;
}

/** Less than this is not worth a number. */
const FEW_SECONDS = 10;

/** How long it takes: for a customer until their order has its end, for others until the trouble has its own. */
export function factOf({ takesSeconds, lastsSeconds }: Trouble, mayOrder: boolean): string {
  if (!mayOrder && lastsSeconds > 0) {
    return `lasts at most ${lengthOf(lastsSeconds)}`;
  }
  return takesSeconds < FEW_SECONDS ? "takes a few seconds" : `takes about ${lengthOf(takesSeconds)}`;
}

function lengthOf(seconds: number): string {
  return durationOf(seconds * 1_000);
}
