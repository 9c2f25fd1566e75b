import type { Clock } from "./clock.ts";

/** An access token and how long it is good. */
export interface Token {
  value: string;
  /** Milliseconds since 1970, by this machine's clock. */
  expiresAt: number;
}

/**
 * Where tokens come from. When `renew` is true, the token at hand was refused or runs out: ask the issuer, not a cache.
 * With Auth0's SDK for single-page apps:
 *
 *     const tokens = async ({ renew }) => {
 *       const cacheMode = renew ? "off" : "on";
 *       const answer = await auth0.getAccessTokenSilently({ cacheMode, detailedResponse: true });
 *       return { value: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
 *     };
 */
export type TokenSupplier = (wanted: { renew: boolean }) => Promise<Token>;

/** A token is renewed so long before it expires: longer than a call takes and than clocks differ. */
const RENEW_BEFORE_MS = 60_000;

/** A network that is down looks like a refused token, and must not send everybody to the issuer again and again. */
const BETWEEN_SUSPICIONS_MS = 30_000;

/** The token of whoever is logged in. All calls share it, and wait together for a new token. */
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
