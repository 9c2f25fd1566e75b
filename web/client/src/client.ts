import { createClient, type Client, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { fetchAnswers } from "./answer.ts";
import { authorized } from "./auth.ts";
import { systemClock, type Clock } from "./clock.ts";
import { KitchenService } from "./gen/proto/kitchen_api/v1/kitchen_service_pb.js";
import { SagaService } from "./gen/proto/operations_api/v1/saga_service_pb.js";
import { OrderService } from "./gen/proto/order_api/v1/order_service_pb.js";
import { freshBy } from "./fresh.ts";
import { keyed } from "./intent.ts";
import { patient, PATIENCE, type Patience } from "./retry.ts";
import { Session, type TokenSupplier } from "./session.ts";

/** What a transport is made of; `createConnectTransport` of connect-web and of connect-node both take it. */
export interface TransportOptions {
  baseUrl: string;
  useBinaryFormat: boolean;
  useHttpGet: boolean;
  defaultTimeoutMs: number;
  interceptors: Interceptor[];
}

/** Where the API is and how it is called. */
export interface Options {
  /** The stack's output ApiUrl. */
  baseUrl: string;
  tokens: TokenSupplier;
  /** JSON, which a browser's tools show, when absent. */
  codec?: "json" | "binary";
  /** Reads travel as GET, so that a cache may answer them, unless this is false; a single read is POSTed by `fresh`. */
  useHttpGet?: boolean;
  /** How long a call may take with all its repeats; 35 seconds when absent. */
  timeoutMs?: number;
  patience?: Partial<Patience>;
  /** What makes the transport; `overFetch()` when absent. */
  transport?: (options: TransportOptions) => Transport;
  clock?: Clock;
}

/** The API's clients. */
export interface Api {
  /** What they share, for libraries that take a transport, such as connect-query. */
  transport: Transport;
  orders: Client<typeof OrderService>;
  kitchen: Client<typeof KitchenService>;
  sagas: Client<typeof SagaService>;
}

/** API Gateway gives a function 30 seconds at most. */
const TIMEOUT_MS = 35_000;

/**
 * Clients of the services, for whoever is logged in: make them anew for each login, since they keep a token. The
 * outermost interceptor comes first: a change without a key is never sent, and each repeat has a token.
 */
export function connect(options: Options): Api {
  const { baseUrl, tokens, codec = "json", useHttpGet = true, timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const shared = {
    baseUrl,
    useBinaryFormat: codec === "binary",
    defaultTimeoutMs: timeoutMs,
    interceptors: [keyed(), patient(patience, clock), authorized(new Session(tokens, clock))],
  };
  const make = options.transport ?? overFetch();
  const posting = make({ ...shared, useHttpGet: false });
  const transport = useHttpGet ? freshBy(posting, make({ ...shared, useHttpGet })) : posting;
  return {
    transport,
    orders: createClient(OrderService, transport),
    kitchen: createClient(KitchenService, transport),
    sagas: createClient(SagaService, transport),
  };
}

/** A transport over `fetch`, in a browser and in Node. */
export function overFetch(fetch: typeof globalThis.fetch = globalThis.fetch): (options: TransportOptions) => Transport {
  return (options) => createConnectTransport({ ...options, fetch: fetchAnswers(fetch) });
}
