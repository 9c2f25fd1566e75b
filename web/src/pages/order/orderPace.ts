import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { isSettled, OrderService, OrderStatus, SagaState, type FindOrderResponse } from "order-saga-client";
import { PAUSES, type Pace } from "../../api/pace.ts";
import { polling } from "../../api/poll.ts";

/** An order is through within seconds, and with every repeat within minutes: after ten somebody has to look, and no page. */
const LONG_MS = 600_000;

/** Nobody knows how fast an order changes whose status, or whose saga's state, came with a newer API. */
const KNOWN: ReadonlySet<OrderStatus | undefined> = new Set([
  OrderStatus.APPROVAL_PENDING,
  OrderStatus.APPROVED,
  OrderStatus.REJECTED,
  OrderStatus.CANCEL_PENDING,
  OrderStatus.CANCELED,
]);

/** A saga in one of these goes on within seconds, or the order does. */
const QUICK: ReadonlySet<SagaState> = new Set([
  SagaState.RUNNING,
  SagaState.COMPENSATING,
  SagaState.COMPLETED,
  SagaState.COMPENSATED,
]);

/** How an order is asked for, as long as it moves. */
export function orderOptions(transport: Transport, orderId: string) {
  return polling(transport, OrderService.method.findOrder, { orderId }, (data) => PAUSES[orderPace(data, Date.now())]);
}

/** The pace of an order at this time. What cannot be found does not change. */
export function orderPace(found: FindOrderResponse | undefined, now: number): Pace {
  if (found === undefined || isSettled(found)) {
    return "settled";
  }
  const latest = found.sagas.at(-1);
  const began = latest?.startedAt ?? found.order?.createdAt;
  const isLong = began !== undefined && now - timestampMs(began) > LONG_MS;
  const isQuick = KNOWN.has(found.order?.status) && (latest === undefined || QUICK.has(latest.state));
  return isQuick && !isLong ? "moving" : "waiting";
}
