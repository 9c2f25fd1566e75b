import type { Clock } from "./clock.ts";

/** An access token and how long it is good. */
export interface Token {
  value: string;
  /** Milliseconds since 1970, by this machine's clock. */
  expiresAt: number;
}

/**
 * Where tokens come from. When `renew` is true, the token at hand was refused or runs out: ask the issuer, not a cache.
 * With Auth0's SDK for single-page apps, whose answers from its cache have the `expires_in` of the day they were made:
 *
 *     const tokens = async ({ renew }) =>
 *       tokenOf(await auth0.getAccessTokenSilently({ cacheMode: renew ? "off" : "on" }));
 *
 * A supplier that fails for want of a network, or of an issuer that answers, makes the call `unavailable`, and it is
 * repeated; any other failure makes it `unauthenticated`: the person must log in.
 */
export type TokenSupplier = (wanted: { renew: boolean }) => Promise<Token>;

/** A token that is a JWT, with the end that its claim `exp` tells. Nothing of it is verified: that is up to the API. */
export function tokenOf(value: string): Token {
  const exp = claimsOf(value)?.["exp"];
  if (typeof exp !== "number") {
    throw new TypeError("the access token is no JWT with a claim exp: say yourself when it expires");
  }
  return { value, expiresAt: exp * 1000 };
}

function claimsOf(value: string): Record<string, unknown> | null {
  const [, claims = ""] = value.split(".");
  try {
    // The bytes of letters beyond ASCII do not matter here: none are in a number, and none end a text early.
    return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return null;
  }
}

/** A token is renewed so long before it expires: longer than a call takes and than clocks differ. */
const RENEW_BEFORE_MS = 60_000;

/** A network that is down looks like a refused token, and must not send everybody to the issuer again and again. */
const BETWEEN_SUSPICIONS_MS = 30_000;

/**
 * The token of whoever is logged in, so that each login has a session of its own. All calls share it, and wait together
 * for a new token.
 */
export class Session {
  readonly #supply: TokenSupplier;
  readonly #clock: Clock;
  #token: (Token & { renewAt: number }) | undefined;
  #asking: Promise<Token> | undefined;
  #suspectedAt = -Infinity;

  constructor(supply: TokenSupplier, clock: Clock) {
    this.#supply = supply;
    this.#clock = clock;
  }

  /** A token that is good for some time. */
  async token(): Promise<string> {
    const token = this.#token;
    if (token && this.#clock.now() < token.renewAt) {
      return token.value;
    }
    return (await this.#ask(token !== undefined)).value;
  }

  /** Another token than `refused`; undefined if there is no other. */
  async another(refused: string): Promise<string | undefined> {
    // Another call may have renewed it already.
    const token = this.#isCurrent(refused) ? await this.#ask(true) : this.#token;
    return token?.value === refused ? undefined : token?.value;
  }

  /** Another token than `suspect`, which may have been refused: nobody can tell. Undefined if it was asked just now. */
  async perhapsAnother(suspect: string): Promise<string | undefined> {
    if (this.#isCurrent(suspect) && this.#asking === undefined) {
      const now = this.#clock.now();
      if (now - this.#suspectedAt < BETWEEN_SUSPICIONS_MS) {
        return undefined;
      }
      this.#suspectedAt = now;
    }
    return this.another(suspect);
  }

  #isCurrent(token: string): boolean {
    return this.#token === undefined || this.#token.value === token;
  }

  #ask(renew: boolean): Promise<Token> {
    this.#asking ??= this.#supply({ renew })
      .then((token) => {
        const now = this.#clock.now();
        // A token with a short life is used for half of it: it would be renewed with every call otherwise.
        const early = Math.min(RENEW_BEFORE_MS, (token.expiresAt - now) / 2);
        this.#token = { ...token, renewAt: token.expiresAt - early };
        return token;
      })
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}
