import { createRouterTransport } from "@connectrpc/connect";
import { QueryObserver } from "@tanstack/react-query";
import { KitchenService } from "order-saga-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stockOptions } from "./stock.ts";
import { openTab } from "./tab.fake.ts";

let tab: ReturnType<typeof openTab>;
beforeEach(() => (tab = openTab()));
afterEach(() => tab.close());

/** Watches the stock of these products; tells which were asked for. */
function watch(productIds: string[], mayRead = true) {
  const asked: string[][] = [];
  const transport = createRouterTransport(({ service }) => {
    service(KitchenService, {
      listStock: ({ productIds }) => {
        asked.push(productIds);
        return { stock: productIds.map((productId) => ({ productId, available: asked.length })) };
      },
    });
  });
  const observer = new QueryObserver(tab.queries, stockOptions(transport, productIds, mayRead));
  const leave = observer.subscribe(() => undefined);
  return { asked, leave, shown: () => observer.getCurrentResult().data?.stock.map(({ available }) => available) };
}

test("the stock is asked for every five seconds, and no more when nobody looks", async () => {
  const { asked, shown, leave } = watch(["pizza", "salad"]);
  await tab.pass(59_999);
  expect(asked).toHaveLength(12);
  expect(asked[11]).toEqual(["pizza", "salad"]);
  expect(shown()).toEqual([12, 12]);
  tab.hide();
  await tab.pass(60_000);
  expect(asked, "in a hidden tab").toHaveLength(12);
  tab.show();
  await tab.pass(0);
  expect(asked, "in sight again").toHaveLength(13);
  leave();
  await tab.pass(60_000);
  expect(asked, "on another page").toHaveLength(13);
});

test("nobody asks for the stock of nothing, or without the permission", async () => {
  const watched = [watch([]), watch(["pizza"], false)];
  await tab.pass(60_000);
  expect(watched.map(({ asked }) => asked)).toEqual([[], []]);
});
