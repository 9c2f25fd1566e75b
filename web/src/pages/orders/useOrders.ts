import { useInfiniteQuery } from "@connectrpc/connect-query";
import { OrderService, type Order } from "order-saga-client";
import { isPending } from "./status.ts";

const PAGE_SIZE = 20;

const PENDING_MS = 1_000;
const QUIET_MS = 5_000;

/** So many pages are shown at the most: 1000 orders. */
const MAX_PAGES = 50;

/** The customer's orders, as far as they are shown. */
export interface OrdersShown {
  orders: readonly Order[];
  isPending: boolean;
  /** Why the orders could not be read, or not once more. */
  error: unknown;
  retry: () => void;
  /** Undefined if there are no more. */
  more: { show: () => void; isOnItsWay: boolean } | undefined;
}

/** The orders, newest first, read again while the page is in sight: often while something happens to them. */
export function useOrders(): OrdersShown {
  const query = useInfiniteQuery(
    OrderService.method.listOrders,
    { pageSize: PAGE_SIZE, pageToken: "" },
    {
      pageParamKey: "pageToken",
      getNextPageParam: ({ nextPageToken }, pages) =>
        nextPageToken === "" || pages.length >= MAX_PAGES ? undefined : nextPageToken,
      refetchInterval: ({ state }) => {
        const pages = state.data?.pages ?? [];
        return askAgainAfter(ordersOf(pages), pages.length);
      },
    },
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    orders: ordersOf(query.data?.pages ?? []),
    isPending: query.isPending,
    error: query.error,
    retry: () => void refetch(),
    more: hasNextPage ? { show: () => void fetchNextPage(), isOnItsWay: isFetchingNextPage } : undefined,
  };
}

/** When to ask again, after so many pages were read: each page is a call, and there is at most one call a second. */
export function askAgainAfter(orders: readonly Pick<Order, "status">[], pages: number): number {
  return (orders.some(isPending) ? PENDING_MS : QUIET_MS) * Math.max(1, pages);
}

/** An order that comes in between two reads moves the others on, so that a page can repeat the end of the page before. */
function ordersOf(pages: readonly { orders: Order[] }[]): Order[] {
  return [...new Map(pages.flatMap(({ orders }) => orders).map((order) => [order.orderId, order])).values()];
}
