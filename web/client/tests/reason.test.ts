import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "../src/gen/proto/google/rpc/error_details_pb.js";
import { NoAnswer } from "../src/answer.ts";
import { Intent } from "../src/intent.ts";
import { REASONS } from "../src/gen/reasons.ts";
import { entryOf, reasonOf } from "../src/reason.ts";
import { busy, inProcess } from "./fakes.ts";

async function refusal(error: ConnectError, codec: "json" | "binary") {
  const createOrder = () => {
    throw error;
  };
  const api = inProcess({ createOrder }, { codec, patience: { attempts: 1 } });
  return api.orders.createOrder({}, new Intent().with()).then(
    () => assert.fail("the call should be refused"),
    (caught: unknown) => reasonOf(caught),
  );
}

for (const codec of ["json", "binary"] as const) {
  test(`a reason has a name and says what it is about, in ${codec}`, async () => {
    const value = { reason: "PRICE_CHANGED", domain: "order-saga", metadata: { product_id: "margherita" } };
    const details = [{ desc: ErrorInfoSchema, value }];
    const reason = await refusal(new ConnectError("it costs more", Code.FailedPrecondition, undefined, details), codec);
    assert.deepEqual(reason, {
      name: "PRICE_CHANGED",
      code: Code.FailedPrecondition,
      message: "it costs more",
      tell: REASONS.PRICE_CHANGED.tell,
      metadata: { product_id: "margherita" },
      violations: [],
      retryAfterMs: undefined,
    });
  });

  test(`all faults of a request are told, in ${codec}`, async () => {
    const first = [{ field: "items[2].quantity", description: "1 to 1000" }];
    const second = [{ field: "card_token", description: "is missing" }];
    const details = [first, second].map((fieldViolations) => ({ desc: BadRequestSchema, value: { fieldViolations } }));
    const reason = await refusal(new ConnectError("", Code.InvalidArgument, undefined, details), codec);
    assert.deepEqual(reason.violations, [...first, ...second]);
  });

  test(`the pause that the API asks for is told in milliseconds, in ${codec}`, async () => {
    assert.equal((await refusal(busy(1500), codec)).retryAfterMs, 1500);
    assert.equal((await refusal(busy(), codec)).retryAfterMs, undefined);
  });
}

test("whatever is caught has a code, and no name if none was given", () => {
  const { name, code, message, metadata } = reasonOf(new Error("a bug"));
  assert.deepEqual([name, code, message, metadata], [undefined, Code.Unknown, "a bug", {}]);
  assert.equal(reasonOf(new ConnectError("HTTP 429", Code.Unavailable)).name, undefined);
});

test("a name that came later is told as it is, with words that fit its code", () => {
  const details = [{ desc: ErrorInfoSchema, value: { reason: "CAME_LATER" } }];
  const later = reasonOf(new ConnectError("", Code.Unavailable, undefined, details));
  assert.deepEqual([later.name, later.tell], ["CAME_LATER", REASONS.SERVICE_BUSY.tell]);
  const nameless = [{ desc: ErrorInfoSchema, value: { reason: "" } }];
  assert.equal(reasonOf(new ConnectError("", Code.Unavailable, undefined, nameless)).name, undefined);
  assert.equal(entryOf("CAME_LATER"), undefined);
  assert.equal(entryOf("toString"), undefined);
  assert.equal(entryOf(""), undefined);
  assert.equal(entryOf("OUT_OF_STOCK"), REASONS.OUT_OF_STOCK);
});

test("a person is told something whatever happens", () => {
  const cases = [
    [Code.Unauthenticated, REASONS.TOKEN_EXPIRED],
    [Code.PermissionDenied, REASONS.PERMISSION_MISSING],
    [Code.Unimplemented, REASONS.UNKNOWN_RPC],
    [Code.Unavailable, REASONS.SERVICE_BUSY],
    [Code.DeadlineExceeded, REASONS.DEADLINE_EXCEEDED],
  ] as const;
  for (const [code, { tell }] of cases) {
    assert.equal(reasonOf(new ConnectError("", code)).tell, tell, Code[code]);
  }
  const unread = new ConnectError("", Code.Unavailable, undefined, undefined, new NoAnswer());
  assert.match(reasonOf(unread).tell, /connection/);
});

test("nobody is told that the service is broken unless the API says so", () => {
  const { tell } = REASONS.SERVICE_FAILED;
  const said = (reason: string, code: Code) =>
    reasonOf(new ConnectError("", code, undefined, [{ desc: ErrorInfoSchema, value: { reason } }])).tell;
  assert.equal(said("SERVICE_FAILED", Code.Internal), tell);
  assert.equal(said("CAME_LATER", Code.Internal), tell);
  const others = [
    said("CAME_LATER", Code.FailedPrecondition),
    ...[Code.Internal, Code.Unknown, Code.Aborted].map((code) => reasonOf(new ConnectError("", code)).tell),
    ...[new TypeError("x is undefined"), "a text", undefined].map((error) => reasonOf(error).tell),
  ];
  assert.deepEqual([...new Set(others)], ["Something went wrong: please try again here."]);
  for (const stopped of [new ConnectError("", Code.Canceled), new DOMException("", "AbortError")]) {
    assert.match(reasonOf(stopped).tell, /^This was stopped/);
  }
});
