import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { FindOrderResponseSchema, OrderStatus, SagaState } from "../src/gen/proto/order_api/v1/order_service_pb.js";
import { isSettled, watchOrder, type Page, type Watching } from "../src/watch.ts";
import { FakeClock, inProcess, inTurn } from "./fakes.ts";

type Found = MessageInitShape<typeof FindOrderResponseSchema>;

const order = (status: OrderStatus, ...states: SagaState[]): Found => ({
  order: { orderId: "1", status },
  sagas: states.map((state) => ({ state })),
});
const PENDING = order(OrderStatus.APPROVAL_PENDING);
const DONE = order(OrderStatus.APPROVED, SagaState.COMPLETED);

/** A page that can be hidden. */
class FakePage extends EventTarget implements Page {
  visibilityState: "hidden" | "visible" = "visible";

  show(visibilityState: "hidden" | "visible"): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** Watches to the end; gives what was seen and the pauses. */
async function watch(answers: Found[], watching: Watching = {}, clock = new FakeClock()) {
  const api = inProcess({ findOrder: inTurn(...answers) });
  const seen: OrderStatus[] = [];
  const all = watchOrder(api.orders, "1", { clock, ...watching });
  const outcome = (async () => {
    for await (const found of all) {
      seen.push(found.order?.status ?? OrderStatus.UNSPECIFIED);
    }
  })();
  return { seen, pauses: clock.slept, outcome: await outcome.catch((error: unknown) => error) };
}

test("an order is asked for until it is settled, in half a second at first and five at last", async () => {
  const { seen, pauses, outcome } = await watch([...Array<Found>(7).fill(PENDING), DONE]);
  assert.equal(outcome, undefined);
  assert.equal(seen.length, 8);
  assert.equal(seen.at(-1), OrderStatus.APPROVED);
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test("an order is settled when its status is final and its sagas are over", () => {
  const settled = [
    order(OrderStatus.APPROVED, SagaState.COMPLETED),
    order(OrderStatus.REJECTED, SagaState.COMPENSATED),
    order(OrderStatus.CANCELED, SagaState.COMPLETED, SagaState.COMPLETED),
    // Its record cannot be read, perhaps for good.
    order(OrderStatus.APPROVED, SagaState.COMPLETED, SagaState.UNKNOWN),
    // Its sagas are forgotten after 30 days.
    order(OrderStatus.APPROVED),
  ];
  const under = [
    {},
    order(OrderStatus.UNSPECIFIED),
    order(OrderStatus.APPROVAL_PENDING),
    order(OrderStatus.CANCEL_PENDING, SagaState.COMPLETED),
    order(OrderStatus.APPROVED, SagaState.RUNNING),
    order(OrderStatus.REJECTED, SagaState.COMPENSATING),
    order(OrderStatus.APPROVED, SagaState.COMPLETED, SagaState.STUCK),
    order(OrderStatus.CANCEL_PENDING, SagaState.UNKNOWN),
    order(OrderStatus.APPROVED, SagaState.UNKNOWN, SagaState.RUNNING),
  ];
  for (const found of settled) {
    assert.ok(isSettled(create(FindOrderResponseSchema, found)), JSON.stringify(found));
  }
  for (const found of under) {
    assert.ok(!isSettled(create(FindOrderResponseSchema, found)), JSON.stringify(found));
  }
});

test("a watch has an end", async () => {
  const { outcome, pauses } = await watch([PENDING], { timeoutMs: 3_600 });
  assert.equal((outcome as { code: Code }).code, Code.DeadlineExceeded);
  assert.deepEqual(pauses, [500, 1000, 2000]);
});

test("a watch ends when it is aborted", async () => {
  const controller = new AbortController();
  const clock = new FakeClock();
  clock.meanwhile = () => controller.abort(new Error("the page is left"));
  const { seen, outcome } = await watch([PENDING], { signal: controller.signal }, clock);
  assert.deepEqual([seen.length, String(outcome)], [1, "Error: the page is left"]);
  assert.deepEqual(clock.signals, [controller.signal], "a pause does not hold it up");
  const never = await watch([PENDING], { signal: AbortSignal.abort(new Error("never begun")) });
  assert.deepEqual([never.seen.length, String(never.outcome)], [0, "Error: never begun"]);
});

test("nothing is asked while the page is hidden, and at once when it is shown again", async () => {
  const page = new FakePage();
  const clock = new FakeClock();
  let asked = 0;
  const findOrder = async () => {
    asked += 1;
    return create(FindOrderResponseSchema, PENDING);
  };
  const all = watchOrder({ findOrder }, "1", { clock, page, timeoutMs: 4_000 });
  await all.next();
  await all.next();
  page.show("hidden");
  const third = all.next();
  await new Promise((resolve) => setImmediate(resolve));
  // A stir that leaves the page hidden changes nothing.
  page.show("hidden");
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked, 2);
  clock.time += 3_600_000;
  page.show("visible");
  await third;
  await all.next();
  assert.equal(asked, 4);
  assert.deepEqual(
    clock.slept,
    [500, 1000, 500],
    "the hour behind another page does not count, and the pauses begin anew",
  );
});

test("a hidden page's watch can be aborted, and leaves no listener", async () => {
  const page = new FakePage();
  const listeners = new Set<unknown>();
  const add = page.addEventListener.bind(page);
  const remove = page.removeEventListener.bind(page);
  page.addEventListener = (type, listener) => {
    listeners.add(listener);
    add(type, listener);
  };
  page.removeEventListener = (type, listener) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  const controller = new AbortController();
  page.show("hidden");
  const all = watchOrder(inProcess({ findOrder: () => DONE }).orders, "1", { page, signal: controller.signal });
  const next = all.next();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(listeners.size, 1);
  controller.abort(new Error("the page is left"));
  await assert.rejects(next, /the page is left/);
  assert.equal(listeners.size, 0);
});
