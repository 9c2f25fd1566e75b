import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { isOfPress } from "./poll.ts";

/** How many entries are read at once, from the start of a list. */
export const FIRST_PAGE = { pageSize: 20, pageToken: "" } as const;

/** How one page of a list leads to the next, up to so many. */
export function pagesUpTo(most: number) {
  return {
    pageParamKey: "pageToken",
    getNextPageParam: ({ nextPageToken }: { nextPageToken: string }, pages: readonly unknown[]) =>
      nextPageToken === "" || pages.length >= most ? undefined : nextPageToken,
  } as const;
}

/**
 * The pause of a list of so many pages. They are read one right after the other, as each begins where the one before it ends:
 * the calls come as slowly all in all as those of a single page.
 */
export function pauseForPages(pause: number, pages: number): number {
  return pause * Math.max(1, pages);
}

/** A list, as far as it is shown. */
export interface PagedList<Entry> {
  entries: readonly Entry[];
  isPending: boolean;
  /** Why it could not be read, or not once more. */
  error: unknown;
  /** When it was read, in milliseconds since 1970. */
  readAt: number;
  readAgain: () => void;
  /** Undefined if there are no more. */
  more: { show: () => void; isOnItsWay: boolean } | undefined;
  /** Whether there are more than are shown at the most. */
  isFull: boolean;
  /** Whether the error is that of a press for more, and what is shown is as good as before. */
  isMoreRefused: boolean;
}

type Query<Page> = Pick<
  UseInfiniteQueryResult<InfiniteData<Page>>,
  "data" | "isPending" | "error" | "dataUpdatedAt" | "refetch" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage"
>;

/** The list that a query has read, from what is in a page and what tells its entries apart. */
export function pagedList<Page extends { nextPageToken: string }, Entry>(
  query: Query<Page>,
  entriesOf: (page: Page) => readonly Entry[],
  idOf: (entry: Entry) => string,
): PagedList<Entry> {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return {
    entries: withoutRepeats(query.data?.pages.flatMap(entriesOf) ?? [], idOf),
    isPending: query.isPending,
    error: query.error,
    readAt: query.dataUpdatedAt,
    readAgain: () => void refetch(),
    more: hasNextPage ? { show: () => void fetchNextPage(), isOnItsWay: isFetchingNextPage } : undefined,
    isFull: !hasNextPage && (query.data?.pages.at(-1)?.nextPageToken ?? "") !== "",
    isMoreRefused: isOfPress(query.error),
  };
}

/** Pages are read one after the other: what changes its place in the list between two reads can be in both. */
function withoutRepeats<Entry>(entries: readonly Entry[], idOf: (entry: Entry) => string): readonly Entry[] {
  return [...new Map(entries.map((entry) => [idOf(entry), entry])).values()];
}
