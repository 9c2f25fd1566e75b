import { Code, type CallOptions } from "@connectrpc/connect";
import { connect, entryOf, Intent, reasonOf } from "../../src/index.ts";
import type { Api, Options, Reason, ReasonName, Token } from "../../src/index.ts";
import type { Stage } from "./setting.ts";

const CUSTOMER = ["create:orders", "cancel:orders", "read:orders", "read:products", "read:stock"];
const COOK = ["read:tickets", "update:tickets", "update:stock", "read:stock"];
const OPERATOR = ["read:operations"];

/** Who plays, and the notes of what was told. */
export class Cast {
  readonly stage: Stage;
  readonly reasons = new Set<string>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  customer(options: Partial<Options> = {}, permissions: string[] = CUSTOMER): Api {
    return this.#as(`auth0|${this.stage.name}`, permissions, options);
  }

  cook(options: Partial<Options> = {}): Api {
    return this.#as(`auth0|${this.stage.name}-cook`, COOK, options);
  }

  operator(options: Partial<Options> = {}): Api {
    return this.#as(`auth0|${this.stage.name}-operator`, OPERATOR, options);
  }

  /** A good token of the customer's. */
  async token(seconds = 3600): Promise<Token> {
    return this.stage.mint(`auth0|${this.stage.name}`, CUSTOMER, seconds);
  }

  /** Waits for a refusal with this code and this reason; the catalogue says what comes with it. */
  async refused(call: Promise<unknown>, code: Code, name: ReasonName | undefined): Promise<Reason> {
    const reason = await call.then(
      () => undefined,
      (error: unknown) => reasonOf(error),
    );
    check(reason?.code === code && reason.name === name, `${Code[code]}, ${name} is expected`, reason);
    const known = entryOf(name);
    const isKnown = Object.keys(reason.metadata).every((key) => known?.metadata.includes(key));
    check(isKnown, `the metadata of ${name} are those of the catalogue`, reason);
    const after = typeof known?.retry === "object" ? known.retry.afterMs : undefined;
    check(reason.retryAfterMs === after, `a repeat after ${name} helps as the catalogue says`, reason);
    return this.told(reason);
  }

  /** Notes a reason. */
  told<T extends { name: string | undefined }>(reason: T): T {
    if (reason.name) {
      this.reasons.add(reason.name);
    }
    return reason;
  }

  #as(subject: string, permissions: string[], options: Partial<Options>): Api {
    const { setting, codec, transport, mint } = this.stage;
    return connect({
      baseUrl: setting.api,
      codec,
      tokens: () => mint(subject, permissions, 3600),
      transport,
      ...options,
    });
  }
}

/** The options of a change that is wanted once, and was not wanted before. */
export function anew(): CallOptions {
  return new Intent().with();
}

/** Throws unless it is true. */
export function check(isTrue: boolean, expectation: string, found?: unknown): asserts isTrue {
  if (!isTrue) {
    const show = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
    throw new Error(`${expectation}, but there is ${JSON.stringify(found, show)}`);
  }
}

/** Asks again and again, for half a minute at most, until the answer is more than undefined. */
export async function until<T>(ask: () => Promise<T | undefined>, expectation: string): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await ask();
    if (found !== undefined) {
      return found;
    }
    check(Date.now() < end, `${expectation} in time`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
