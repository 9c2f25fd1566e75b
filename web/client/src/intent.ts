import { Code, ConnectError, type CallOptions, type Interceptor } from "@connectrpc/connect";
import { ErrorInfoSchema } from "./gen/proto/google/rpc/error_details_pb.js";
import { changes, IDEMPOTENCY_KEY } from "./repeatable.ts";

/** The longest key that the API takes. */
const MAX_KEY_LENGTH = 128;

/**
 * One thing that a person wants done, such as one basket to be ordered. However often it is sent, it is done once: every
 * call `with` it carries the same Idempotency-Key.
 *
 * An intent lives as long as what is wanted, and not with a press of a button: make it with the basket, keep it through
 * every press, refusal and missing answer, and make another when the order is placed. A second press after no answer is
 * a second order otherwise. Keep `key` where the basket is kept, to go on after a reload, but for as long only as a press
 * means the same thing: a day later it is a new order, and the old key would be answered with the old one.
 *
 * The API remembers the key of CreateOrder for as long as the order exists, and those of other changes for seven days.
 * If the basket has changed since a press that was carried out, the answer is IDEMPOTENCY_KEY_REUSED: show the customer
 * the orders that there are, and begin another intent for what is wanted beyond them.
 */
export class Intent {
  readonly key: string;

  /** A new intent, or the intent that was kept under `key`. */
  constructor(key: string = crypto.randomUUID()) {
    // HTTP APIs join two headers by a comma, so that a key with a comma would look like two keys.
    if (key.length > MAX_KEY_LENGTH || !/^[\x21-\x2b\x2d-\x7e]+$/.test(key)) {
      throw new RangeError(`an intent's key has 1 to ${MAX_KEY_LENGTH} visible ASCII characters without a comma`);
    }
    this.key = key;
  }

  /** The options of a call that serves this intent: `orders.createOrder(basket, intent.with({ signal }))`. */
  with(options: CallOptions = {}): CallOptions {
    const headers = new Headers(options.headers);
    headers.set(IDEMPOTENCY_KEY, this.key);
    return { ...options, headers };
  }
}

/**
 * Refuses each change that comes without an intent, as the API would: a key made for one call would not be known to the
 * next press.
 */
export function keyed(): Interceptor {
  return (next) => async (request) => {
    if (request.stream || !changes(request) || request.header.has(IDEMPOTENCY_KEY)) {
      return next(request);
    }
    const call = `${request.method.localName}(request, intent.with())`;
    const message = `${request.method.name} changes something: make an Intent with what is wanted, and call ${call}`;
    const details = [{ desc: ErrorInfoSchema, value: { reason: "IDEMPOTENCY_KEY_MISSING" } }];
    throw new ConnectError(message, Code.InvalidArgument, undefined, details);
  };
}
