import { Code, ConnectError } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { isNoAnswer } from "./answer.ts";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/proto/google/rpc/error_details_pb.js";
import { REASONS, type ReasonEntry, type ReasonName } from "./gen/reasons.ts";

/** Why a call was refused, for a program. */
export interface Reason {
  /**
   * Undefined if the answer names no reason: it is a gateway's own, or there is no answer. A newer API may have other
   * names.
   */
  name: ReasonName | (string & {}) | undefined;
  /** Connect's code. */
  code: Code;
  /** For a developer; never shown to a customer. */
  message: string;
  /** For the person in front of the screen; neutral where the API has not said what went wrong. */
  tell: string;
  /** What the reason is about, such as `product`. */
  metadata: Readonly<Record<string, string>>;
  /** Every fault of the request, by the path of its field, such as `items[2].quantity`. */
  violations: readonly { field: string; description: string }[];
  /** After how many milliseconds a repeat may help; undefined if the API does not say that it helps. */
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
    tell: entryOf(info?.reason)?.tell ?? tellWithout(refusal, info !== undefined),
    metadata: info?.metadata ?? {},
    violations: faults.map(({ field, description }) => ({ field, description })),
    retryAfterMs: retry?.retryDelay && durationMs(retry.retryDelay),
  };
}

/** What the catalogue knows of a reason, such as that of an order's `reason`; undefined for a name that came later. */
export function entryOf(name: string | undefined): ReasonEntry | undefined {
  return name !== undefined && Object.hasOwn(REASONS, name) ? REASONS[name as ReasonName] : undefined;
}

const UNREACHED =
  "The service cannot be reached, and this may be done already: " +
  "please check the connection and try again here, or look before you start anew.";

const STOPPED = "This was stopped, and may be done already: please look before you start anew.";
const WRONG = "Something went wrong: please try again here.";

/** Words for a failure whose reason the catalogue does not have. */
function tellWithout(refusal: ConnectError, isOfTheApi: boolean): string {
  if (isNoAnswer(refusal)) {
    return UNREACHED;
  }
  // The transport calls a failure of its own internal as well.
  return refusal.code === Code.Internal && isOfTheApi ? REASONS.SERVICE_FAILED.tell : tellOf(refusal.code);
}

/** Most answers without a reason are a gateway's own, which refuses for the causes of these reasons. */
function tellOf(code: Code): string {
  switch (code) {
    case Code.Unauthenticated:
      return REASONS.TOKEN_EXPIRED.tell;
    case Code.PermissionDenied:
      return REASONS.PERMISSION_MISSING.tell;
    case Code.Unimplemented:
      return REASONS.UNKNOWN_RPC.tell;
    case Code.Unavailable:
      return REASONS.SERVICE_BUSY.tell;
    case Code.DeadlineExceeded:
      return REASONS.DEADLINE_EXCEEDED.tell;
    case Code.Canceled:
      return STOPPED;
    default:
      return WRONG;
  }
}
