import { Code, ConnectError, type CallOptions, type Client } from "@connectrpc/connect";
import { systemClock, type Clock } from "./clock.ts";
import { OrderStatus, SagaState, type FindOrderResponse } from "./gen/proto/order_api/v1/order_service_pb.js";
import type { OrderService } from "./gen/proto/order_api/v1/order_service_pb.js";

/** How an order is watched. */
export interface Watching {
  /** Ends the watch with an error: the page is left, say. */
  signal?: AbortSignal;
  /**
   * After this time in sight the watch ends with `deadline_exceeded`, even if the order is not settled; 10 minutes when
   * absent.
   */
  timeoutMs?: number;
  /** What may be hidden; the browser's `document` when absent. */
  page?: Page;
  clock?: Clock;
}

/** As much of a `Document` as says whether somebody looks at it. */
export type Page = Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const TIMEOUT_MS = 10 * 60_000;

/**
 * The order, again and again until it is settled: at once, then after half a second, after a second and so on, at last
 * every five seconds. Nothing is asked while the page is hidden; when it is shown again, the order is asked for at
 * once.
 *
 *     for await (const { order, sagas } of watchOrder(orders, orderId, { signal })) show(order, sagas);
 */
export async function* watchOrder(
  orders: Pick<Client<typeof OrderService>, "findOrder">,
  orderId: string,
  { signal, timeoutMs = TIMEOUT_MS, page = globalThis.document, clock = systemClock }: Watching = {},
): AsyncGenerator<FindOrderResponse, void, undefined> {
  const options: CallOptions = signal ? { signal } : {};
  let until = clock.now() + timeoutMs;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    if (await isShownAgain(page, signal)) {
      pause = FIRST_PAUSE_MS;
      until = clock.now() + timeoutMs;
    }
    const found = await orders.findOrder({ orderId }, options);
    yield found;
    if (isSettled(found)) {
      return;
    }
    if (clock.now() + pause > until) {
      throw new ConnectError("the order is still under way: ask for it later", Code.DeadlineExceeded);
    }
    await clock.sleep(pause, signal);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
}

/**
 * Whether nothing will happen to the order any more by itself: its status is final, and its sagas are over. A saga whose
 * record cannot be read is not waited for.
 */
export function isSettled({ order, sagas }: FindOrderResponse): boolean {
  const isFinal = order !== undefined && FINAL.has(order.status);
  return isFinal && sagas.every((saga) => OVER.has(saga.state));
}

const FINAL = new Set([OrderStatus.APPROVED, OrderStatus.REJECTED, OrderStatus.CANCELED]);
const OVER = new Set([SagaState.COMPLETED, SagaState.COMPENSATED, SagaState.UNKNOWN]);

/** Waits while the page is hidden, and says whether it was. */
async function isShownAgain(page: Page | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  signal?.throwIfAborted();
  if (page?.visibilityState !== "hidden") {
    return false;
  }
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      page.removeEventListener("visibilitychange", changed);
      signal?.removeEventListener("abort", aborted);
    };
    const changed = () => {
      if (page.visibilityState !== "hidden") {
        stop();
        resolve();
      }
    };
    const aborted = () => {
      stop();
      reject(signal?.reason);
    };
    page.addEventListener("visibilitychange", changed);
    signal?.addEventListener("abort", aborted, { once: true });
  });
  return true;
}
