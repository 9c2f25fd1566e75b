import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { TransportOptions } from "./client.ts";

/**
 * A transport over Node's own HTTP, which keeps connections open: `connect({ transport: overNode(), ... })`. The
 * functions compress nothing.
 */
export function overNode(): (options: TransportOptions) => Transport {
  return (options) => createConnectTransport({ ...options, httpVersion: "1.1", acceptCompression: [] });
}
