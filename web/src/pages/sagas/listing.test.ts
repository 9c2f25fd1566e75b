import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ListSagasResponseSchema, SagaState, type ListSagasResponse } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { BadRequestSchema } from "../../../client/src/gen/proto/google/rpc/error_details_pb.js";
import { fromStart, isLost, MOST_SAGAS, readFirst, readMore, type Ask, type Listing } from "./listing.ts";

const REQUEST = { saga: "create-order", withCounts: true };
const unread = () => undefined;

/** A page with a saga for each of these times of starting, whose id is the time. */
function page(times: number[], nextPageToken = "", running?: number): ListSagasResponse {
  const sagas = times.map((time) => ({ sagaId: String(time), startedAt: timestampFromMs(time) }));
  const counts = running === undefined ? [] : [{ state: SagaState.RUNNING, sagas: running }];
  return create(ListSagasResponseSchema, { sagas, nextPageToken, counts });
}

/** Answers with these pages, one after the other, and notes what was asked for. */
function answering(...pages: ListSagasResponse[]) {
  const asked: Parameters<Ask>[0][] = [];
  const ask: Ask = (request) => {
    asked.push(request);
    const next = pages.shift();
    return next ? Promise.resolve(next) : Promise.reject(new Error("asked too often"));
  };
  return { ask, asked };
}

const ids = ({ sagas }: Listing) => sagas.map(({ sagaId }) => Number(sagaId));

async function deep(): Promise<Listing> {
  const { ask } = answering(page([9, 8], "b", 1), page([7, 6], "c"));
  return readMore(ask, await readFirst(ask, REQUEST, unread));
}

test("a page is followed by the next page, which counts nothing again", async () => {
  const { ask, asked } = answering(page([9, 8], "b", 3), page([8, 7]));
  const first = await readFirst(ask, REQUEST, unread);
  expect(ids(first)).toEqual([9, 8]);
  const both = await readMore(ask, first);
  expect(ids(both)).toEqual([9, 8, 7]);
  expect(both.counts[0]?.sagas).toBe(3);
  expect(both.next).toBeUndefined();
  expect(asked).toEqual([REQUEST, { ...REQUEST, withCounts: false, pageToken: "b" }]);
  expect(await readMore(ask, both)).toBe(both);
});

test("empty pages are passed over, but not for ever", async () => {
  const found = answering(page([], "b", 1), page([], "c"), page([5], "d"));
  expect(ids(await readFirst(found.ask, REQUEST, unread))).toEqual([5]);
  const nothing = answering(page([], "b"), page([], "c"), page([], "d"), page([], "e"));
  const listing = await readFirst(nothing.ask, REQUEST, unread);
  expect(ids(listing)).toEqual([]);
  expect(listing.next?.pageToken).toBe("e");
  expect(nothing.asked).toHaveLength(4);
});

test("a list of one page is what its first page says now", async () => {
  const known = await readFirst(answering(page([9, 8], "b")).ask, REQUEST, unread);
  const { ask, asked } = answering(page([10, 9], "a", 2));
  const now = await readFirst(ask, REQUEST, () => known);
  expect(ids(now)).toEqual([10, 9]);
  expect(now.next?.pageToken).toBe("a");
  expect(asked).toHaveLength(1);
});

test("a longer list keeps its older sagas, and loses what has left the list", async () => {
  const known = await deep();
  const now = await readFirst(answering(page([10, 8], "a", 4)).ask, REQUEST, () => known);
  expect(ids(now)).toEqual([10, 8, 7, 6]);
  expect(now.next?.pageToken).toBe("c");
  expect(now.counts[0]?.sagas).toBe(4);
});

test("a longer list begins anew if sagas may lie between it and its first page", async () => {
  const known = await deep();
  const anew = await readFirst(answering(page([12, 11, 10], "a")).ask, REQUEST, () => known);
  expect(ids(anew)).toEqual([12, 11, 10]);
  expect([anew.next?.pageToken, anew.isDeep]).toEqual(["a", false]);
  // Its last saga is known, or began before a known saga did: nothing lies between.
  for (const times of [
    [11, 10, 9],
    [10, 8.5],
  ]) {
    const joined = await readFirst(answering(page(times, "a")).ask, REQUEST, () => known);
    expect([ids(joined).at(-1), joined.next?.pageToken]).toEqual([6, "c"]);
  }
});

test("a first page that says nothing takes nothing away, unless it is the only page", async () => {
  const known = await deep();
  expect(ids(await readFirst(answering(page([], "a")).ask, REQUEST, () => known))).toEqual([9, 8, 7, 6]);
  const only = await readFirst(answering(page([10])).ask, REQUEST, () => known);
  expect(ids(only)).toEqual([10]);
  expect(only.isDeep).toBe(false);
});

test("what is read while the first page is asked for again is kept", async () => {
  let known = await readFirst(answering(page([9, 8], "b")).ask, REQUEST, unread);
  const later = await readMore(answering(page([7], "c")).ask, known);
  const ask: Ask = () => {
    known = later;
    return Promise.resolve(page([9, 8], "b"));
  };
  expect(ids(await readFirst(ask, REQUEST, () => known))).toEqual([9, 8, 7]);
});

test("a list has an end, also if sagas keep coming", async () => {
  const many = Array.from({ length: MOST_SAGAS }, (_, at) => 1_000 - at);
  const { ask } = answering(page(many, "b"), page([3], "c"));
  const full = await readMore(ask, await readFirst(ask, REQUEST, unread));
  expect(full.sagas).toHaveLength(MOST_SAGAS);
  expect([full.isFull, full.next]).toEqual([true, undefined]);
  const most = answering(page(many.slice(1), "b"), page([3], "c"));
  const known = await readMore(most.ask, await readFirst(most.ask, REQUEST, unread));
  expect([known.sagas.length, known.isFull]).toEqual([MOST_SAGAS, false]);
  const fuller = await readFirst(answering(page([1_001, 999], "a")).ask, REQUEST, () => known);
  expect([fuller.sagas.length, fuller.isFull, fuller.next]).toEqual([MOST_SAGAS, true, undefined]);
});

/** An answer of the API to a request of which this field is wrong. */
function wrong(field: string): ConnectError {
  const value = { fieldViolations: [{ field, description: "leads further back than the list goes" }] };
  return new ConnectError("invalid", Code.InvalidArgument, undefined, [{ desc: BadRequestSchema, value }]);
}

test("a place that the API does not know any more is told from everything else that may go wrong", async () => {
  const { ask } = answering(page([9, 8], "too old"));
  const known = await readFirst(ask, REQUEST, unread);
  const refused = await readMore(() => Promise.reject(wrong("page_token")), known).catch((error: unknown) => error);
  expect(isLost(refused)).toBe(true);
  for (const other of [null, wrong("text"), new ConnectError("", Code.Unavailable), new TypeError("offline")]) {
    expect(isLost(other)).toBe(false);
  }
});

test("a list that starts again shows what it has until its first page is there, and then that page", async () => {
  const known = await deep();
  const again = fromStart(known);
  expect(again && ids(again)).toEqual([9, 8, 7, 6]);
  const first = await readFirst(answering(page([10, 9], "a")).ask, REQUEST, () => again);
  expect([ids(first), first.next?.pageToken]).toEqual([[10, 9], "a"]);
  expect(fromStart(undefined)).toBeUndefined();
});
