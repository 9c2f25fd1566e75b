import { entryOf, OrderStatus, type Order } from "order-saga-client";
import type { NameOf } from "../../api/menu.ts";

/** How an order stands, for its customer. */
export interface StatusTold {
  words: string;
  /** Which icon and colour go with it. */
  mood: "busy" | "good" | "bad" | "over";
}

/** The status in words. */
export function statusTold(status: OrderStatus): StatusTold {
  switch (status) {
    case OrderStatus.APPROVAL_PENDING:
      return { words: "Being checked", mood: "busy" };
    case OrderStatus.APPROVED:
      return { words: "Approved", mood: "good" };
    case OrderStatus.REJECTED:
      return { words: "Not accepted", mood: "bad" };
    case OrderStatus.CANCEL_PENDING:
      return { words: "Being canceled", mood: "busy" };
    case OrderStatus.CANCELED:
      return { words: "Canceled", mood: "over" };
    default:
      return { words: "Unknown", mood: "over" };
  }
}

/** Why an order was rejected, or why its cancellation was refused; undefined if there is nothing to tell. */
export function reasonTold({ status, reason }: Pick<Order, "status" | "reason">): string | undefined {
  if (reason === "" || (status !== OrderStatus.REJECTED && status !== OrderStatus.APPROVED)) {
    return undefined;
  }
  const why = entryOf(reason)?.tell ?? "The order's page says more.";
  return status === OrderStatus.APPROVED ? `It could not be canceled. ${why}` : why;
}

/** Whether the order will change by itself. */
export function isPending({ status }: Pick<Order, "status">): boolean {
  return status === OrderStatus.APPROVAL_PENDING || status === OrderStatus.CANCEL_PENDING;
}

/** The first products of an order, and how many there are beside them. */
export function itemsTold(items: Order["items"], nameOf: NameOf): string {
  const SHOWN = 3;
  const told = items.slice(0, SHOWN).map(({ productId, quantity }) => `${String(quantity)} × ${nameOf(productId)}`);
  const rest = items.length - SHOWN;
  return rest > 0 ? `${told.join(", ")} and ${String(rest)} more` : told.join(", ");
}
