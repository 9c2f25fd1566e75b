import { Code } from "@connectrpc/connect";
import { reasonOf } from "order-saga-client";

/** Whether a read by nothing but an id failed because there is nothing of this id; what is no id at all names nothing either. */
export function isMissing(error: unknown): boolean {
  const { code } = reasonOf(error);
  return code === Code.NotFound || code === Code.InvalidArgument;
}
