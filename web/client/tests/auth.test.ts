import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, createContextValues, type UnaryRequest, type UnaryResponse } from "@connectrpc/connect";
import { NoAnswer } from "../src/answer.ts";
import { authorized } from "../src/auth.ts";
import { once } from "../src/once.ts";
import { OrderService } from "../src/gen/proto/order_api/v1/order_service_pb.js";
import { Session } from "../src/session.ts";
import { FakeClock, FakeIssuer, inTurn } from "./fakes.ts";

const refused = () => new ConnectError("the token has expired", Code.Unauthenticated);
const hidden = () => new ConnectError("", Code.Unavailable, undefined, undefined, new NoAnswer());

/** Calls `list_products` once, or another method, through the interceptor alone; gives the tokens that were sent. */
async function call(answers: (ConnectError | string)[], request: Partial<UnaryRequest> = {}, supply?: () => never) {
  const clock = new FakeClock();
  const issuer = new FakeIssuer(clock);
  const sent: (string | null)[] = [];
  const answer = inTurn(...answers);
  const next = authorized(new Session(supply ?? issuer.supply, clock))(async (request) => {
    sent.push(request.header.get("Authorization"));
    return answer() as unknown as UnaryResponse;
  });
  const { signal } = new AbortController();
  const whole = {
    stream: false,
    method: OrderService.method.listProducts,
    header: new Headers(),
    signal,
    contextValues: createContextValues(),
    ...request,
  };
  const outcome = await next(whole as UnaryRequest).catch((error: unknown) => error);
  return { sent, outcome, asked: issuer.asked.length };
}

test("a call carries the token", async () => {
  const { sent, outcome } = await call(["products"]);
  assert.deepEqual([sent, outcome], [["Bearer token-1"], "products"]);
});

test("a refused token is renewed once, and the call sent again", async () => {
  const renewed = await call([refused(), "products"]);
  assert.deepEqual(renewed.sent, ["Bearer token-1", "Bearer token-2"]);
  assert.equal(renewed.outcome, "products");
  const again = await call([refused()]);
  assert.equal(again.sent.length, 2, "not a third time");
  assert.equal(ConnectError.from(again.outcome).code, Code.Unauthenticated);
});

test("an answer that a browser hides may be a 401", async () => {
  const { sent, outcome } = await call([hidden(), "products"]);
  assert.deepEqual(sent, ["Bearer token-1", "Bearer token-2"]);
  assert.equal(outcome, "products");
});

test("what is made once leaves a renewed token to the next call, and is sent again after a 401 that can be read", async () => {
  const unread = await call([hidden(), "products"], once());
  assert.deepEqual([unread.sent, unread.asked], [["Bearer token-1"], 2]);
  assert.equal(ConnectError.from(unread.outcome).code, Code.Unavailable);
  const read = await call([refused(), "products"], once());
  assert.deepEqual([read.sent, read.outcome], [["Bearer token-1", "Bearer token-2"], "products"]);
});

test("no other failure renews the token", async () => {
  for (const code of [Code.Unavailable, Code.PermissionDenied, Code.InvalidArgument]) {
    const { sent, outcome, asked } = await call([new ConnectError("", code), "products"]);
    assert.deepEqual([sent.length, asked], [1, 1]);
    assert.equal(ConnectError.from(outcome).code, code);
  }
});

test("what may not be sent twice is not", async () => {
  const withoutPromise = { ...OrderService.method.createOrder, idempotency: undefined };
  const key = new Headers({ "Idempotency-Key": "1" });
  const cases = [
    [{ method: OrderService.method.createOrder }, 1],
    [{ method: withoutPromise, header: key }, 1],
    [{ method: OrderService.method.createOrder, header: key }, 2],
  ] as [Partial<UnaryRequest>, number][];
  for (const [request, times] of cases) {
    assert.equal((await call([hidden(), "order"], request)).sent.length, times);
  }
});

test("without a token the caller must log in, and an answer is worth more than the issuer's failure", async () => {
  const failing = () => Promise.reject(new Error("login_required")) as never;
  const { sent, outcome } = await call(["products"], {}, failing);
  assert.equal(sent.length, 0);
  assert.deepEqual(
    [(outcome as ConnectError).code, String((outcome as ConnectError).cause)],
    [Code.Unauthenticated, "Error: login_required"],
  );
  let first = true;
  const once = () => {
    const token = first ? Promise.resolve({ value: "1", expiresAt: Infinity }) : failing();
    first = false;
    return token as never;
  };
  const later = await call([refused(), "products"], {}, once);
  assert.equal((later.outcome as ConnectError).rawMessage, "the token has expired");
});

test("a network that is down does not log anybody out", async () => {
  const away = [
    new TypeError("fetch failed"),
    new Error("Failed to fetch"),
    new Error("Timeout when executing 'fetch'"),
    new TypeError("NetworkError when attempting to fetch resource."),
    new TypeError("Load failed"),
    new DOMException("", "TimeoutError"),
    new DOMException("", "NetworkError"),
    ...["timeout", "temporarily_unavailable", "server_error"].map((error) => Object.assign(new Error(""), { error })),
    new Error("of the supplier", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) }),
  ];
  const of = async (error: Error) => (await call([], {}, () => Promise.reject(error) as never)).outcome as ConnectError;
  for (const error of away) {
    const { code, cause } = await of(error);
    assert.deepEqual([code, cause], [Code.Unavailable, error], String(error));
  }
  const circle = new Error("in a circle");
  circle.cause = circle;
  for (const error of [Object.assign(new Error("Login required"), { error: "login_required" }), circle]) {
    assert.equal((await of(error)).code, Code.Unauthenticated, String(error));
  }
});

test("an issuer that does not answer holds no call beyond its end", async () => {
  const silent = () => new Promise(() => {}) as never;
  const signal = AbortSignal.abort(new ConnectError("too late", Code.DeadlineExceeded));
  const { sent, outcome } = await call(["products"], { signal }, silent);
  assert.deepEqual([sent.length, (outcome as ConnectError).code], [0, Code.DeadlineExceeded]);
  const controller = new AbortController();
  let asked = 0;
  const silentLater = () => {
    asked += 1;
    if (asked === 1) {
      return Promise.resolve({ value: "1", expiresAt: Infinity }) as never;
    }
    setImmediate(() => controller.abort(new ConnectError("too late", Code.DeadlineExceeded)));
    return silent();
  };
  const later = await call([refused(), "products"], { signal: controller.signal }, silentLater);
  assert.deepEqual([later.sent.length, asked], [1, 2]);
});
