import type { UnaryRequest } from "@connectrpc/connect";
import { MethodOptions_IdempotencyLevel as Level } from "@bufbuild/protobuf/wkt";

/** The header by which the API recognises the repeat of a change. */
export const IDEMPOTENCY_KEY = "Idempotency-Key";

/** Whether the call changes something, so that it needs an Idempotency-Key. */
export function changes(request: UnaryRequest): boolean {
  return request.method.idempotency !== Level.NO_SIDE_EFFECTS;
}

/**
 * Whether the call may be sent once more when nobody knows what became of it: a read, or a change that the API promises
 * to make once for each Idempotency-Key.
 */
export function isRepeatable(request: UnaryRequest): boolean {
  if (!changes(request)) {
    return true;
  }
  return request.method.idempotency === Level.IDEMPOTENT && request.header.has(IDEMPOTENCY_KEY);
}
