import { Code } from "@connectrpc/connect";

/** After these, a change may have been carried out or not: only its repeat with the same intent can tell. */
const UNKNOWN: readonly Code[] = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Internal, Code.Unknown];

/** Whether a change that failed with this code may have been carried out all the same. */
export function mayBeDone(code: Code): boolean {
  return UNKNOWN.includes(code);
}
