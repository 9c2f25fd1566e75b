import {
  createContextKey,
  createContextValues,
  type CallOptions,
  type Transport,
  type UnaryRequest,
} from "@connectrpc/connect";

const ONCE = createContextKey(false, { description: "no repeat" });

/**
 * The options of a read that is not repeated while the API is unavailable, since a screen makes it again after a pause
 * anyway: `orders.findOrder({ orderId }, once())`.
 */
export function once(options: Omit<CallOptions, "contextValues"> = {}): CallOptions {
  return { ...options, contextValues: createContextValues().set(ONCE, true) };
}

/** A transport that makes each call once, for libraries that take a transport. */
export function onceBy(transport: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs, header, input, contextValues = createContextValues()) =>
      transport.unary(method, signal, timeoutMs, header, input, contextValues.set(ONCE, true)),
    stream: (...call) => transport.stream(...call),
  };
}

/** Whether the call is made once. */
export function isOnce({ contextValues }: Pick<UnaryRequest, "contextValues">): boolean {
  return contextValues.get(ONCE);
}
