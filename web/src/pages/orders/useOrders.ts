import { createInfiniteQueryOptions, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { OrderService, type Order } from "order-saga-client";
import { again, PAUSES } from "../../api/pace.ts";
import { polled } from "../../api/poll.ts";
import { isPending } from "./status.ts";

const PAGE_SIZE = 20;

/** So many pages are shown at the most: 1000 orders. */
const MAX_PAGES = 50;

/** The customer's orders, as far as they are shown. */
export interface OrdersShown {
  orders: readonly Order[];
  isPending: boolean;
  /** Why the orders could not be read, or not once more. */
  error: unknown;
  /** When they were read, in milliseconds since 1970. */
  readAt: number;
  retry: () => void;
  /** Undefined if there are no more. */
  more: { show: () => void; isOnItsWay: boolean } | undefined;
}

/** How the orders are asked for, again and again: often while something happens to them. */
export function ordersOptions(transport: Transport) {
  const asked = polled(transport, (transport) =>
    createInfiniteQueryOptions(
      OrderService.method.listOrders,
      { pageSize: PAGE_SIZE, pageToken: "" },
      {
        transport,
        pageParamKey: "pageToken",
        getNextPageParam: ({ nextPageToken }, pages) =>
          nextPageToken === "" || pages.length >= MAX_PAGES ? undefined : nextPageToken,
      },
    ),
  );
  return infiniteQueryOptions({
    ...asked,
    refetchInterval: again<{ pages: { orders: Order[] }[] }>((data) => {
      const pages = data?.pages ?? [];
      return askAgainAfter(ordersOf(pages), pages.length);
    }),
  });
}

/** The orders, newest first, read again while the page is in sight. */
export function useOrders(): OrdersShown {
  const query = useInfiniteQuery(ordersOptions(useTransport()));
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    orders: ordersOf(query.data?.pages ?? []),
    isPending: query.isPending,
    error: query.error,
    readAt: query.dataUpdatedAt,
    retry: () => void refetch(),
    more: hasNextPage ? { show: () => void fetchNextPage(), isOnItsWay: isFetchingNextPage } : undefined,
  };
}

/**
 * When to ask again, after so many pages were read. They are read one right after the other, as each begins where the one
 * before it ends: the pause is long enough for one call a second all in all.
 */
export function askAgainAfter(orders: readonly Pick<Order, "status">[], pages: number): number {
  const pause = orders.some(isPending) ? PAUSES.moving : PAUSES.waiting;
  return pause * Math.max(1, pages);
}

/** An order that comes in between two reads moves the others on, so that a page can repeat the end of the page before. */
function ordersOf(pages: readonly { orders: Order[] }[]): Order[] {
  return [...new Map(pages.flatMap(({ orders }) => orders).map((order) => [order.orderId, order])).values()];
}
