import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { MutationObserver } from "@tanstack/react-query";
import { KitchenService, OrderService, type CreateOrderRequest } from "order-saga-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ErrorInfoSchema } from "../../../client/src/gen/proto/google/rpc/error_details_pb.js";
import { queryClient } from "../../api/queryClient.ts";
import { storage } from "../../api/storage.fake.ts";
import { troubleOf } from "./fixtures.fake.ts";
import { switching, trying } from "./mutations.ts";

const URL = "http://127.0.0.1:9082";

beforeEach(() => vi.stubGlobal("window", { sessionStorage: storage() }));
afterEach(() => vi.unstubAllGlobals());

/** What a person tries, with an API that refuses the first orders for these reasons; and what happened, in its order. */
function stage(...refusals: string[]) {
  const happened: string[] = [];
  const [orders, keys]: [CreateOrderRequest[], (string | null)[]] = [[], []];
  vi.stubGlobal("fetch", (address: string) => {
    happened.push(address.replace(URL, ""));
    return Promise.resolve(Response.json({}));
  });
  const transport = createRouterTransport(({ service }) => {
    service(OrderService, {
      listProducts: () => ({ products: [{ productId: "pizza", unitPrice: { currency: "EUR", minorUnits: 1150n } }] }),
      createOrder: (request, { requestHeader }) => {
        happened.push("order");
        orders.push(request);
        keys.push(requestHeader.get("idempotency-key"));
        const reason = refusals.shift();
        if (reason !== undefined) {
          throw new ConnectError("no", Code.InvalidArgument, undefined, [{ desc: ErrorInfoSchema, value: { reason } }]);
        }
        return { order: { orderId: "o1" } };
      },
    });
    service(KitchenService, { listStock: () => ({ stock: [{ productId: "pizza", available: 7 }] }) });
  });
  const api = { orders: createClient(OrderService, transport), kitchen: createClient(KitchenService, transport) };
  const look = () => Promise.resolve(void happened.push("look"));
  const press = new MutationObserver(queryClient(), trying({ url: URL, api, subject: "anna", look }));
  return { happened, orders, keys, press };
}

test("a trouble is on, and no other, before the order comes that meets it, and the page says so meanwhile", async () => {
  const { happened, orders, press } = stage();
  expect(await press.mutate(troubleOf())).toBe("o1");
  expect(happened).toEqual(["/troubles/end", "/troubles/silent-kitchen/start", "look", "order"]);
  expect(orders[0]).toMatchObject({ cardToken: "tok_visa", items: [{ productId: "pizza", quantity: 1 }] });
});

test("an order that is trouble enough switches nothing on", async () => {
  const { happened, orders, press } = stage();
  await press.mutate(troubleOf({ lastsSeconds: 0, order: { cardToken: "tok_visa", moreThanThereIs: true } }));
  expect(happened).toEqual(["/troubles/end", "look", "order"]);
  expect(orders[0]?.items).toMatchObject([{ productId: "pizza", quantity: 8 }]);
});

test("a press after a failure is the same order, and a press after success is another", async () => {
  const { keys, press } = stage("UNAVAILABLE");
  await expect(press.mutate(troubleOf())).rejects.toThrow("no");
  await press.mutate(troubleOf());
  await press.mutate(troubleOf());
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

test("an order that was carried out with other pieces is not in the way of the next press", async () => {
  const { keys, press } = stage("IDEMPOTENCY_KEY_REUSED");
  await expect(press.mutate(troubleOf())).rejects.toThrow("no");
  await press.mutate(troubleOf());
  expect(keys[1]).not.toBe(keys[0]);
});

test("after a switch one looks what became of it, also when it was refused", async () => {
  const look = vi.fn(() => Promise.resolve());
  const begin = vi.fn<(id: string) => Promise<void>>(() => Promise.resolve());
  const press = new MutationObserver(queryClient(), switching(begin, look));
  await press.mutate("stopped-queue");
  expect(begin.mock.calls[0]?.[0]).toBe("stopped-queue");
  expect(look).toHaveBeenCalledTimes(1);
  begin.mockRejectedValueOnce(new Error("in the way"));
  await expect(press.mutate("undo-first")).rejects.toThrow("in the way");
  expect(look).toHaveBeenCalledTimes(2);
});
