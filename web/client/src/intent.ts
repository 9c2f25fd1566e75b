import type { CallOptions, Interceptor } from "@connectrpc/connect";
import { changes, IDEMPOTENCY_KEY } from "./repeatable.ts";

/** The longest key that the API takes. */
const MAX_KEY_LENGTH = 128;

/**
 * One thing that a person wants done, such as one press of "Order". However often it is sent, it is done once: every
 * call `with` it carries the same Idempotency-Key. Keep `key` (in sessionStorage, say) to go on after a reload. The API
 * remembers a key for seven days, and refuses it with IDEMPOTENCY_KEY_REUSED when the request is another one.
 */
export class Intent {
  readonly key: string;

  /** A new intent, or the intent that was kept under `key`. */
  constructor(key: string = crypto.randomUUID()) {
    if (key.length > MAX_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key)) {
      throw new RangeError(`an intent's key has 1 to ${MAX_KEY_LENGTH} visible ASCII characters`);
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

/** Gives each change that comes without an intent a key of its own, so that it may be repeated within the call. */
export function keyed(): Interceptor {
  return (next) => (request) => {
    if (!request.stream && changes(request) && !request.header.has(IDEMPOTENCY_KEY)) {
      request.header.set(IDEMPOTENCY_KEY, new Intent().key);
    }
    return next(request);
  };
}
