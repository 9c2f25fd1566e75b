import { createInfiniteQueryOptions, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { OrderService, type Order } from "order-saga-client";
import { again, PAUSES } from "../../api/pace.ts";
import { FIRST_PAGE, pagedList, pagesUpTo, pauseForPages, type PagedList } from "../../api/pagedList.ts";
import { polled } from "../../api/poll.ts";
import { isPending } from "./status.ts";

/** So many pages are shown at the most: 1000 orders. */
const MAX_PAGES = 50;

/** How the orders are asked for, again and again: often while something happens to them. */
export function ordersOptions(transport: Transport) {
  const asked = polled(transport, (transport) =>
    createInfiniteQueryOptions(OrderService.method.listOrders, FIRST_PAGE, { transport, ...pagesUpTo(MAX_PAGES) }),
  );
  return infiniteQueryOptions({
    ...asked,
    refetchInterval: again<{ pages: { orders: Order[] }[] }>((data) => {
      const pages = data?.pages ?? [];
      const orders = pages.flatMap((page) => page.orders);
      return askAgainAfter(orders, pages.length);
    }),
  });
}

/** The customer's orders, newest first, read again while the page is in sight. */
export function useOrders(): PagedList<Order> {
  const query = useInfiniteQuery(ordersOptions(useTransport()));
  return pagedList(
    query,
    ({ orders }) => orders,
    ({ orderId }) => orderId,
  );
}

/** When to ask again, after so many pages were read. */
export function askAgainAfter(orders: readonly Pick<Order, "status">[], pages: number): number {
  return pauseForPages(orders.some(isPending) ? PAUSES.moving : PAUSES.waiting, pages);
}
