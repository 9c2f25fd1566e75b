import { createRouterTransport } from "@connectrpc/connect";
import { InfiniteQueryObserver } from "@tanstack/react-query";
import { KitchenService, TicketStatus } from "order-saga-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTab } from "../../api/tab.fake.ts";
import { ticketsOptions } from "./useTickets.ts";

let tab: ReturnType<typeof openTab>;
beforeEach(() => (tab = openTab()));
afterEach(() => tab.close());

/** Watches the tickets to be cooked, of which there are more than anybody wants to see; tells which pages were asked for. */
function watch() {
  const asked: string[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(KitchenService, {
      listTickets: ({ status, pageToken }) => {
        asked.push(pageToken);
        return { tickets: [{ orderId: `after ${pageToken}`, status }], nextPageToken: `${pageToken}+` };
      },
    });
  });
  const observer = new InfiniteQueryObserver(tab.queries, ticketsOptions(transport, TicketStatus.APPROVED));
  const leave = observer.subscribe(() => undefined);
  const more = async () => {
    await observer.fetchNextPage();
    asked.length = 0;
  };
  return { asked, leave, more, shown: () => observer.getCurrentResult() };
}

test("the tickets are asked for every five seconds, and no more when nobody looks", async () => {
  const { asked, leave } = watch();
  await tab.pass(59_999);
  expect(asked).toEqual(Array(12).fill(""));
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

test("what was shown stays, and more pages are asked for as slowly as one", async () => {
  const { asked, more, shown } = watch();
  await tab.pass(0);
  await more();
  await more();
  expect(shown().data?.pages).toHaveLength(3);
  await tab.pass(60_000);
  expect(asked.length, "requests in a minute").toBe(12);
  expect(asked.slice(0, 3)).toEqual(["", "+", "++"]);
  expect(shown().data?.pages).toHaveLength(3);
});

test("five hundred tickets are enough", async () => {
  const { more, shown } = watch();
  await tab.pass(0);
  for (let pages = 1; pages < 25; pages += 1) {
    expect(shown().hasNextPage).toBe(true);
    await more();
  }
  expect(shown().data?.pages).toHaveLength(25);
  expect(shown().hasNextPage).toBe(false);
});
