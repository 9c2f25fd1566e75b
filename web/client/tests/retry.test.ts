import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, createContextValues, type UnaryRequest, type UnaryResponse } from "@connectrpc/connect";
import { once } from "../src/once.ts";
import { OrderService } from "../src/gen/proto/order_api/v1/order_service_pb.js";
import { PATIENCE, patient, type Patience } from "../src/retry.ts";
import { busy, FakeClock, inProcess, inTurn } from "./fakes.ts";

/** Calls once; gives how often it was sent, the pauses and the outcome. */
async function call(
  answers: (ConnectError | string)[],
  request: Partial<UnaryRequest> = {},
  patience: Partial<Patience> = {},
  meanwhile = () => {},
) {
  const clock = new FakeClock();
  clock.meanwhile = meanwhile;
  const answer = inTurn(...answers);
  const timeouts: (string | null)[] = [];
  const next = patient(
    { ...PATIENCE, ...patience },
    clock,
  )(async (request) => {
    timeouts.push(request.header.get("Connect-Timeout-Ms"));
    return answer() as unknown as UnaryResponse;
  });
  const { signal } = new AbortController();
  const whole = {
    stream: false,
    method: OrderService.method.findOrder,
    header: new Headers(),
    signal,
    contextValues: createContextValues(),
    ...request,
  };
  const outcome = await next(whole as UnaryRequest).catch((error: unknown) => error);
  return { times: timeouts.length, timeouts, pauses: clock.slept, outcome };
}

test("what is unavailable is repeated after pauses that grow, with chance in them", async () => {
  const { pauses, timeouts, outcome } = await call([busy(), busy(), busy(), "order"]);
  assert.deepEqual([pauses, outcome], [[125, 250, 500], "order"]);
  assert.deepEqual(timeouts, [null, null, null, null], "nobody has set a timeout");
});

test("no pause is longer than the longest", async () => {
  const { pauses } = await call([busy()], {}, { attempts: 9, totalMs: Infinity });
  assert.deepEqual(pauses, [125, 250, 500, 1000, 2000, 2500, 2500, 2500]);
});

test("the API's own pause comes first, with up to a quarter more", async () => {
  const { pauses } = await call([busy(2000), "order"]);
  assert.deepEqual(pauses, [2250]);
});

test("the number of attempts and the time have a bound", async () => {
  const often = await call([busy()]);
  assert.deepEqual([often.times, ConnectError.from(often.outcome).code], [4, Code.Unavailable]);
  const long = await call([busy(20_000)]);
  assert.deepEqual([long.times, long.pauses], [2, [22_500]], "a second pause would end after 45 seconds");
  assert.equal((await call([busy(60_000)])).times, 1);
});

test("nothing is repeated that the caller would not wait for", async () => {
  const header = new Headers({ "Connect-Timeout-Ms": "1000" });
  const { timeouts, times } = await call([busy(400)], { header });
  assert.deepEqual([times, timeouts], [3, ["1000", "550", "100"]]);
});

test("what took the API too long is repeated if the API says that it helps", async () => {
  const { pauses, outcome } = await call([busy(1000, Code.DeadlineExceeded), "order"]);
  assert.deepEqual([pauses, outcome], [[1125], "order"]);
  assert.equal((await call([busy(2000, Code.FailedPrecondition)])).times, 1, "a lock is the caller's to wait for");
});

test("nothing else is repeated", async () => {
  for (const code of [Code.InvalidArgument, Code.FailedPrecondition, Code.DeadlineExceeded, Code.Internal]) {
    const { times, outcome } = await call([new ConnectError("", code), "order"]);
    assert.deepEqual([times, ConnectError.from(outcome).code], [1, code]);
  }
  const { times, outcome } = await call(["order"]);
  assert.deepEqual([times, outcome], [1, "order"]);
});

test("what is made once is not repeated, not even when the API says that it helps", async () => {
  for (const failure of [busy(), busy(2000)]) {
    const { times, pauses, outcome } = await call([failure, "order"], once());
    assert.deepEqual([times, pauses, ConnectError.from(outcome).code], [1, [], Code.Unavailable]);
  }
});

test("a change is repeated under its key only", async () => {
  const method = OrderService.method.createOrder;
  assert.equal((await call([busy()], { method })).times, 1);
  assert.equal((await call([busy()], { method, header: new Headers({ "Idempotency-Key": "1" }) })).times, 4);
});

test("an aborted call is not repeated, before a pause or after", async () => {
  const before = await call([busy()], { signal: AbortSignal.abort() });
  assert.deepEqual([before.times, before.pauses], [1, []]);
  const controller = new AbortController();
  const after = await call([busy()], { signal: controller.signal }, {}, () => controller.abort());
  assert.deepEqual([after.times, after.pauses], [1, [125]]);
});

test("a client's patience can be changed", async () => {
  let times = 0;
  const findOrder = () => {
    times += 1;
    throw busy();
  };
  const api = inProcess({ findOrder }, { patience: { attempts: 2 } });
  await assert.rejects(api.orders.findOrder({}), { code: Code.Unavailable });
  assert.equal(times, 2);
});
