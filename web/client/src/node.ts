import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { noAnswer } from "./answer.ts";
import type { TransportOptions } from "./client.ts";
import { isConnectionLost } from "./network.ts";

/**
 * A transport over Node's own HTTP, which keeps connections open: `connect({ transport: overNode(), ... })`. The
 * functions compress nothing.
 */
export function overNode(): (options: TransportOptions) => Transport {
  return (options) => {
    const interceptors = [...options.interceptors, answered()];
    return createConnectTransport({ ...options, interceptors, httpVersion: "1.1", acceptCompression: [] });
  };
}

/**
 * A connection that breaks, such as a kept connection that the gateway has just closed, is `unavailable`, as it is over
 * `fetch`. Node's transport calls some of that `aborted` or `internal`.
 */
function answered(): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      throw isConnectionLost(error) ? noAnswer(error) : error;
    }
  };
}
