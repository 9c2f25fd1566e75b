import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { reasonOf } from "order-saga-client";
import type { ListSagasRequestSchema, ListSagasResponse, SagaSummary, StateCount } from "order-saga-client/operations";

type Request = MessageInitShape<typeof ListSagasRequestSchema>;
type Page = Pick<ListSagasResponse, "sagas" | "nextPageToken" | "counts">;

/** Asks the API for a page. */
export type Ask = (request: Request) => Promise<Page>;

/** What has been read of a list of sagas. */
export interface Listing {
  /** The latest to start first. */
  sagas: readonly SagaSummary[];
  counts: readonly StateCount[];
  /** The request for the sagas after these; undefined if there are no more. */
  next: Request | undefined;
  /** Whether pages after the first were read. */
  isDeep: boolean;
  /** Whether there are more than are kept. */
  isFull: boolean;
}

/** A page of a browser with more rows is of no use to anybody: filters are. */
export const MOST_SAGAS = 500;

/** A page may be empty although others follow: so many in a row are read before a person is asked whether to go on. */
const EMPTY_PAGES = 4;

/** The list from its beginning, or the list that there is with what its first page says now. */
export async function readFirst(ask: Ask, request: Request, known: () => Listing | undefined): Promise<Listing> {
  if (known() === undefined) {
    return readOn(ask, request, { sagas: [], counts: [], next: undefined, isDeep: false, isFull: false });
  }
  const page = await ask(request);
  // More may have been read meanwhile.
  const before = known();
  const first = { sagas: page.sagas, counts: page.counts, next: nextOf(request, page), isDeep: false, isFull: false };
  if (before?.isDeep !== true || first.next === undefined || isApart(page.sagas, before.sagas)) {
    return first;
  }
  const sagas = joined(page.sagas, olderThan(page.sagas, before.sagas));
  return limited({ ...before, sagas, counts: page.counts });
}

/** The list and what follows it: at least one saga more, unless there is none, or many pages have none. */
export async function readMore(ask: Ask, listing: Listing): Promise<Listing> {
  return listing.next === undefined ? listing : readOn(ask, listing.next, { ...listing, isDeep: true });
}

/** Whether a list cannot be read on from where it was left: such a place is forgotten, and none leads back for ever. */
export function isLost(error: unknown): boolean {
  return reasonOf(error).violations.some(({ field }) => field === "page_token");
}

/** The same list, of which the next look at its first page keeps nothing else. */
export function fromStart(listing: Listing | undefined): Listing | undefined {
  return listing && { ...listing, isDeep: false };
}

async function readOn(ask: Ask, request: Request, before: Listing): Promise<Listing> {
  let listing = before;
  let next: Request | undefined = request;
  for (let pages = 0; next !== undefined && pages < EMPTY_PAGES; pages += 1) {
    const page: Page = await ask(next);
    next = nextOf(next, page);
    const counts = page.counts.length > 0 ? page.counts : listing.counts;
    const isDeep = before.isDeep || pages > 0;
    listing = limited({ sagas: joined(listing.sagas, page.sagas), counts, next, isDeep, isFull: listing.isFull });
    if (page.sagas.length > 0) {
      break;
    }
  }
  return listing;
}

/** A page after the first belongs to the request of the first, and counts nothing again. */
function nextOf(request: Request, { nextPageToken }: Page): Request | undefined {
  return nextPageToken === "" ? undefined : { ...request, withCounts: false, pageToken: nextPageToken };
}

/** Whether sagas may lie between a page and all that are known: no token leads to them, so that the list begins anew. */
function isApart(page: readonly SagaSummary[], known: readonly SagaSummary[]): boolean {
  const last = page.at(-1)?.startedAt;
  return last !== undefined && known.every(({ startedAt }) => startedAt === undefined || isLater(last, startedAt));
}

/** Those that come after a page; what would lie within it but is not there has left the list. */
function olderThan(page: readonly SagaSummary[], known: readonly SagaSummary[]): readonly SagaSummary[] {
  const last = page.at(-1)?.startedAt;
  return last === undefined
    ? known
    : known.filter(({ startedAt }) => startedAt !== undefined && !isLater(startedAt, last));
}

function isLater(a: Timestamp, b: Timestamp): boolean {
  return a.seconds > b.seconds || (a.seconds === b.seconds && a.nanos > b.nanos);
}

/** Both, without those of the second that the first has already. */
function joined(first: readonly SagaSummary[], second: readonly SagaSummary[]): readonly SagaSummary[] {
  const there = new Set(first.map(({ sagaId }) => sagaId));
  return [...first, ...second.filter(({ sagaId }) => !there.has(sagaId))];
}

function limited(listing: Listing): Listing {
  const isFull = listing.isFull || listing.sagas.length > MOST_SAGAS;
  return isFull ? { ...listing, sagas: listing.sagas.slice(0, MOST_SAGAS), next: undefined, isFull } : listing;
}
