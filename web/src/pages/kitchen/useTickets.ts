import { createInfiniteQueryOptions, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { again } from "../../api/pace.ts";
import { polled } from "../../api/poll.ts";
import { KitchenService, type Ticket, type TicketStatus } from "order-saga-client";

const PAGE_SIZE = 20;

/** So many pages are shown at the most: 500 tickets. */
const MAX_PAGES = 25;

/** As often as the contract of ListTickets allows a screen to ask, for each page. */
const EVERY_MS = 5_000;

/** The tickets of a status, as far as they are shown. */
export interface TicketsShown {
  tickets: readonly Ticket[];
  isPending: boolean;
  /** Why the tickets could not be read, or not once more. */
  error: unknown;
  again: () => void;
  /** Undefined if there are no more. */
  more: { show: () => void; isOnItsWay: boolean } | undefined;
}

/** How the tickets of a status are asked for, again and again: the more pages are shown, the less often. */
export function ticketsOptions(transport: Transport, status: TicketStatus) {
  const asked = polled(transport, (transport) =>
    createInfiniteQueryOptions(
      KitchenService.method.listTickets,
      { status, pageSize: PAGE_SIZE, pageToken: "" },
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
    refetchInterval: again<{ pages: unknown[] }>((data) => EVERY_MS * Math.max(1, data?.pages.length ?? 1)),
  });
}

/** The tickets of a status, oldest first, read again while the page is in sight. */
export function useTickets(status: TicketStatus): TicketsShown {
  const query = useInfiniteQuery(ticketsOptions(useTransport(), status));
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    tickets: query.data?.pages.flatMap(({ tickets }) => tickets) ?? [],
    isPending: query.isPending,
    error: query.error,
    again: () => void refetch(),
    more: hasNextPage ? { show: () => void fetchNextPage(), isOnItsWay: isFetchingNextPage } : undefined,
  };
}
