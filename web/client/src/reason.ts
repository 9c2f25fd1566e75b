import { Code, ConnectError } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/proto/google/rpc/error_details_pb.js";

/** Why a call was refused, for a program. */
export interface Reason {
  /** Such as PRICE_CHANGED; undefined if the answer names no reason: it is a gateway's own, or there is no answer. */
  name: string | undefined;
  /** Connect's code. */
  code: Code;
  /** For a person who develops; never shown to a customer. */
  message: string;
  /** What the reason is about, such as `product_id`. */
  metadata: Readonly<Record<string, string>>;
  /** Every fault of the request, by the path of its field, such as `items[2].quantity`. */
  violations: readonly { field: string; description: string }[];
  /** How many milliseconds from now a repeat may help; undefined if the API does not say that it helps. */
  retryAfterMs: number | undefined;
}

/** Why `error`, whatever was caught around a call, came about. */
export function reasonOf(error: unknown): Reason {
  const refusal = ConnectError.from(error);
  const [info] = refusal.findDetails(ErrorInfoSchema);
  const [retry] = refusal.findDetails(RetryInfoSchema);
  const faults = refusal.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
  return {
    name: info?.reason || undefined,
    code: refusal.code,
    message: refusal.rawMessage,
    metadata: info?.metadata ?? {},
    violations: faults.map(({ field, description }) => ({ field, description })),
    retryAfterMs: retry?.retryDelay && durationMs(retry.retryDelay),
  };
}
