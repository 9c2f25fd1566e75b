import { createInfiniteQueryOptions, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { KitchenService, type Ticket, type TicketStatus } from "order-saga-client";
import { again } from "../../api/pace.ts";
import { FIRST_PAGE, pagedList, pagesUpTo, pauseForPages, type PagedList } from "../../api/pagedList.ts";
import { polled } from "../../api/poll.ts";

/** So many pages are shown at the most: 500 tickets. */
const MAX_PAGES = 25;

/** As often as the contract of ListTickets allows a screen to ask, for each page. */
const EVERY_MS = 5_000;

/** How the tickets of a status are asked for, again and again: the more pages are shown, the less often. */
export function ticketsOptions(transport: Transport, status: TicketStatus) {
  const asked = polled(transport, (transport) =>
    createInfiniteQueryOptions(
      KitchenService.method.listTickets,
      { status, ...FIRST_PAGE },
      { transport, ...pagesUpTo(MAX_PAGES) },
    ),
  );
  return infiniteQueryOptions({
    ...asked,
    refetchInterval: again<{ pages: unknown[] }>((data) => pauseForPages(EVERY_MS, data?.pages.length ?? 1)),
  });
}

/** The tickets of a status, oldest first, read again while the page is in sight. */
export function useTickets(status: TicketStatus): PagedList<Ticket> {
  const query = useInfiniteQuery(ticketsOptions(useTransport(), status));
  return pagedList(
    query,
    ({ tickets }) => tickets,
    ({ orderId }) => orderId,
  );
}
