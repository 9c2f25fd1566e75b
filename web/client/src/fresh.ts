import { createContextKey, createContextValues, type CallOptions, type Transport } from "@connectrpc/connect";

const FRESH = createContextKey(false, { description: "no cache may answer" });

/**
 * The options of a read that no cache answers, since it travels as POST; such as the menu's prices after PRICE_CHANGED:
 * `orders.listProducts({}, fresh())`.
 */
export function fresh(options: Omit<CallOptions, "contextValues"> = {}): CallOptions {
  return { ...options, contextValues: createContextValues().set(FRESH, true) };
}

/** Sends by POST what is called `fresh`, and anything else as the other transport does. */
export function freshBy(posting: Transport, transport: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs, header, input, contextValues) => {
      const chosen = contextValues?.get(FRESH) ? posting : transport;
      return chosen.unary(method, signal, timeoutMs, header, input, contextValues);
    },
    stream: (...call) => transport.stream(...call),
  };
}
