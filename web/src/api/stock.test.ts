import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { QueryObserver } from "@tanstack/react-query";
import { KitchenService } from "order-saga-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stockOf, stockOptions } from "./stock.ts";
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

test("it is told whether what is left is known, was known, or never was", async () => {
  let isRefused = false;
  const transport = createRouterTransport(({ service }) => {
    service(KitchenService, {
      listStock: () => {
        if (isRefused) {
          throw new ConnectError("who are you?", Code.Unauthenticated);
        }
        return { stock: [{ productId: "pizza", available: 3 }] };
      },
    });
  });
  const look = (productIds: string[]) => {
    const observer = new QueryObserver(tab.queries, stockOptions(transport, productIds, true));
    observer.subscribe(() => undefined);
    return () => stockOf(observer.getCurrentResult());
  };
  const known = look(["pizza"]);
  await tab.pass(0);
  expect([known().stock.get("pizza"), known().failure]).toEqual([3, undefined]);
  isRefused = true;
  const unknown = look(["salad"]);
  await tab.pass(5_000);
  expect(known().stock.get("pizza")).toBe(3);
  expect(known().failure?.title).toBe("What is left may have changed since");
  expect([unknown().stock.size, unknown().failure?.title]).toEqual([0, "What is left is not known now"]);
});
