import { createRouterTransport } from "@connectrpc/connect";
import { createInfiniteQueryOptions } from "@connectrpc/connect-query";
import { InfiniteQueryObserver } from "@tanstack/react-query";
import { connect, OrderService, overFetch } from "order-saga-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ordersOptions } from "../pages/orders/useOrders.ts";
import { FIRST_PAGE, pagedList, pagesUpTo, pauseForPages } from "./pagedList.ts";
import { openTab } from "./tab.fake.ts";

let tab: ReturnType<typeof openTab>;
beforeEach(() => (tab = openTab()));
afterEach(() => tab.close());

/** Watches a list of these pages of ids, of which so many are shown at the most. */
function watch(pages: readonly string[][], most: number) {
  const asked: [number, string][] = [];
  const transport = createRouterTransport(({ service }) => {
    service(OrderService, {
      listOrders: ({ pageSize, pageToken }) => {
        asked.push([pageSize, pageToken]);
        const at = Number(pageToken);
        const orders = (pages[at] ?? []).map((orderId) => ({ orderId }));
        return { orders, nextPageToken: at + 1 < pages.length ? String(at + 1) : "" };
      },
    });
  });
  const { listOrders } = OrderService.method;
  const options = createInfiniteQueryOptions(listOrders, FIRST_PAGE, { transport, ...pagesUpTo(most) });
  const observer = new InfiniteQueryObserver(tab.queries, options);
  observer.subscribe(() => undefined);
  const list = () =>
    pagedList(
      observer.getCurrentResult(),
      ({ orders }) => orders,
      ({ orderId }) => orderId,
    );
  const ids = () =>
    list()
      .entries.map(({ orderId }) => orderId)
      .join("");
  return { asked, list, ids };
}

test("a list grows by a page at each press, until there are no more", async () => {
  const { asked, list, ids } = watch(
    [
      ["a", "b"],
      ["c", "d"],
    ],
    9,
  );
  expect([list().isPending, ids(), list().more]).toEqual([true, "", undefined]);
  await tab.pass(0);
  expect([list().isPending, ids(), list().more?.isOnItsWay]).toEqual([false, "ab", false]);
  list().more?.show();
  expect(list().more?.isOnItsWay).toBe(true);
  await tab.pass(0);
  expect([ids(), list().more, list().isFull]).toEqual(["abcd", undefined, false]);
  expect(asked).toEqual([
    [20, ""],
    [20, "1"],
  ]);
});

test("an entry that a page repeats is shown once", async () => {
  const { list, ids } = watch(
    [
      ["a", "b", "c"],
      ["c", "d"],
    ],
    9,
  );
  await tab.pass(0);
  list().more?.show();
  await tab.pass(0);
  expect(ids()).toBe("abcd");
});

test("no more pages are offered than are shown at the most, and it is told that there are more", async () => {
  const { list, ids } = watch([["a"], ["b"], ["c"]], 2);
  expect(list().isFull).toBe(false);
  await tab.pass(0);
  expect(list().isFull).toBe(false);
  list().more?.show();
  await tab.pass(0);
  expect([ids(), list().more, list().isFull]).toEqual(["ab", undefined, true]);
});

test("a list is read again when somebody asks for it, and tells when it was read", async () => {
  const { asked, list } = watch([["a"]], 9);
  await tab.pass(0);
  const first = list().readAt;
  await tab.pass(3_000);
  list().readAgain();
  await tab.pass(0);
  expect(asked).toHaveLength(2);
  expect(list().readAt).toBe(first + 3_000);
});

test("the more pages there are, the longer is the pause", () => {
  expect([0, 1, 2, 25].map((pages) => pauseForPages(1_000, pages))).toEqual([1_000, 1_000, 2_000, 25_000]);
});

test("a press for more is repeated by the client, as nothing asks for it again, and a failure is told as that of the press", async () => {
  let isThere = true;
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = (input) => {
    const message = new URL(input instanceof Request ? input.url : input).searchParams.get("message") ?? "";
    const page = message.includes("pageToken") ? "next" : "first";
    asked.push(page);
    return isThere || page === "first"
      ? Promise.resolve(Response.json({ orders: [{ orderId: page }], nextPageToken: page === "first" ? "1" : "" }))
      : Promise.reject(new TypeError("Failed to fetch"));
  };
  const tokens = () => Promise.resolve({ value: "t", expiresAt: Date.now() + 3_600_000 });
  const { transport } = connect({ baseUrl: "https://api.test", tokens, transport: overFetch(fetch) });
  const observer = new InfiniteQueryObserver(tab.queries, ordersOptions(transport));
  observer.subscribe(() => undefined);
  const list = () =>
    pagedList(
      observer.getCurrentResult(),
      ({ orders }) => orders,
      ({ orderId }) => orderId,
    );
  await tab.pass(0);
  isThere = false;
  asked.length = 0;
  list().more?.show();
  await tab.pass(4_000);
  expect(asked).toEqual(Array(4).fill("next"));
  expect([list().isMoreRefused, list().entries.length]).toEqual([true, 1]);
  isThere = true;
  list().more?.show();
  await tab.pass(0);
  expect([list().isMoreRefused, list().entries.length]).toEqual([false, 2]);
  isThere = false;
  asked.length = 0;
  await tab.pass(12_000);
  expect(asked, "the page by itself").toEqual(["first", "next"]);
  expect([list().isMoreRefused, list().error !== null]).toEqual([false, true]);
});
