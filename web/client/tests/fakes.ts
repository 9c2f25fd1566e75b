import { Code, ConnectError, createRouterTransport, type ServiceImpl } from "@connectrpc/connect";
import { connect, type Api, type Options } from "../src/client.ts";
import type { Clock } from "../src/clock.ts";
import { RetryInfoSchema } from "../src/gen/proto/google/rpc/error_details_pb.js";
import { OrderService } from "../src/gen/proto/order_api/v1/order_service_pb.js";
import type { TokenSupplier } from "../src/session.ts";

/** Time stands still but for sleeps, which are noted and over at once. */
export class FakeClock implements Clock {
  time = 1_000_000_000;
  chance = 0.5;
  readonly slept: number[] = [];
  /** What could have woken the sleepers. */
  readonly signals: (AbortSignal | undefined)[] = [];
  /** What happens while somebody sleeps. */
  meanwhile: () => void = () => {};

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(milliseconds);
    this.signals.push(signal);
    this.time += milliseconds;
    this.meanwhile();
    signal?.throwIfAborted();
  }
}

/** An issuer that numbers its tokens, each good for `seconds`, and notes what it was asked. */
export class FakeIssuer {
  readonly asked: boolean[] = [];
  seconds = 3600;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly supply: TokenSupplier = async ({ renew }) => {
    this.asked.push(renew);
    return { value: `token-${this.asked.length}`, expiresAt: this.#clock.time + this.seconds * 1000 };
  };
}

/** An API in this process: the client's own transport but for the network. */
export function inProcess(orders: Partial<ServiceImpl<typeof OrderService>>, options: Partial<Options> = {}): Api {
  const clock = new FakeClock();
  return connect({
    baseUrl: "http://api.test",
    tokens: new FakeIssuer(clock).supply,
    clock,
    ...options,
    transport: ({ interceptors, useBinaryFormat, defaultTimeoutMs }) =>
      createRouterTransport((router) => router.service(OrderService, orders), {
        transport: { interceptors, useBinaryFormat, defaultTimeoutMs },
      }),
  });
}

/** A refusal because the API is busy, or for another reason, perhaps with the time after which to come back. */
export function busy(retryAfterMs?: number, code = Code.Unavailable): ConnectError {
  const seconds = BigInt(Math.floor((retryAfterMs ?? 0) / 1000));
  const retryDelay = { seconds, nanos: ((retryAfterMs ?? 0) % 1000) * 1_000_000 };
  const details = retryAfterMs === undefined ? [] : [{ desc: RetryInfoSchema, value: { retryDelay } }];
  return new ConnectError("busy", code, undefined, details);
}

/** Answers as the list says, call after call; the last answer stays. */
export function inTurn<T>(...answers: (T | ConnectError)[]): () => T {
  let turn = 0;
  return () => {
    const answer = answers[Math.min(turn, answers.length - 1)] as T | ConnectError;
    turn += 1;
    if (answer instanceof ConnectError) {
      throw answer;
    }
    return answer;
  };
}
