import { Code } from "@connectrpc/connect";
import { isNoAnswer, reasonOf } from "order-saga-client";
import { mayPass } from "./pace.ts";

/** Why a read failed, for a person: the catalogue's words for what is not known to be done are about a change. */
export function readFailureTold(error: unknown, asksAgain: boolean): string {
  const why = whyOf(error);
  return asksAgain && mayPass(error) ? `${why} This page asks again by itself.` : why;
}

function whyOf(error: unknown): string {
  const { code, tell } = reasonOf(error);
  if (isNoAnswer(error)) {
    return "The service cannot be reached: please check the connection.";
  }
  return code === Code.DeadlineExceeded || code === Code.Canceled ? "The answer takes longer than usual." : tell;
}
