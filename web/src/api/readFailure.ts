import { Code } from "@connectrpc/connect";
import { isIssuerAway, isNoAnswer, reasonOf } from "order-saga-client";
import { mayPass } from "./pace.ts";

/** Why a read failed, for a person: the catalogue's words for what is not known to be done are about a change. */
export function readFailureTold(error: unknown, asksAgain: boolean): string {
  const why = whyOf(error);
  // Whoever has to sign in again first has a button for it.
  if (!asksAgain || reasonOf(error).code === Code.Unauthenticated) {
    return why;
  }
  return `${why} ${mayPass(error) ? "This page asks again by itself." : "This page does not ask again by itself."}`;
}

function whyOf(error: unknown): string {
  const { code, tell } = reasonOf(error);
  // No issuer answers either, where a token has run out and there is no network.
  if (isNoAnswer(error) || (code === Code.Unavailable && isIssuerAway(error))) {
    return "The service cannot be reached: please check the connection.";
  }
  return code === Code.DeadlineExceeded || code === Code.Canceled ? "The answer takes longer than usual." : tell;
}
