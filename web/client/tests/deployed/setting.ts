import type { Transport } from "@connectrpc/connect";
import type { Token, TransportOptions } from "../../src/index.ts";

/** What the deployed system is, as the test that has started it says. */
export interface Setting {
  api: string;
  /** The development issuer, which gives anybody a token. */
  issuer: string;
  /** The origin that the API lets browsers call from. */
  origin: string;
  /** Tokens that API Gateway admits and the function refuses: with a mark of an ID token, and bound to a key. */
  misused: { asIdToken: string; bound: string };
  /** On the menu, with stock for everybody. */
  plenty: string;
  /** On the menu, with stock for nobody. */
  soldOut: string;
  /** On the menu, and unknown to the kitchen. */
  unstocked: string;
  /** On the menu; two pieces cost more than an order may. */
  dear: string;
  /** What a piece of `plenty` costs, in euro cents. */
  price: string;
}

export type Codec = "json" | "binary";

/** Where a play takes place. */
export interface Stage {
  setting: Setting;
  codec: Codec;
  /** Begins the names of the play's customers, so that plays do not meet. */
  name: string;
  mint(subject: string, permissions: string[], seconds: number): Promise<Token>;
  transport(options: TransportOptions): Transport;
  /** Whether answers without CORS headers are hidden. */
  isBrowser: boolean;
}

/** What all plays have seen. */
export interface Report {
  /** Every request to the API: method, path, and the codec as the wire names it. */
  calls: string[];
  /** Every reason that was told in a codec, by refusals and on orders. */
  reasons: Record<Codec, string[]>;
}

/** How a request stands in the report. */
export function noted(method: string, url: URL, contentType = ""): string {
  return `${method} ${url.pathname} ${url.searchParams.get("encoding") ?? contentType.replace("application/", "")}`;
}
