import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { NoAnswer } from "../src/answer.ts";
import { Intent } from "../src/intent.ts";
import { reasonOf } from "../src/reason.ts";
import { busy, inProcess, inTurn } from "./fakes.ts";

/** The keys with which the API was called, while it answers as told. */
function noting(...answers: Parameters<typeof inTurn<object>>) {
  const keys: (string | null)[] = [];
  const answer = inTurn<object>(...answers);
  const note = (_: unknown, { requestHeader }: { requestHeader: Headers }) => {
    keys.push(requestHeader.get("Idempotency-Key"));
    return answer();
  };
  return { keys, api: inProcess({ createOrder: note, findOrder: note }, { patience: { attempts: 2 } }) };
}

test("a change without an intent is refused at once, and says what to do", async () => {
  const { keys, api } = noting({});
  const caught = await api.orders.createOrder({}).catch((error: unknown) => error);
  const { code, name, message } = reasonOf(caught);
  assert.deepEqual([code, name, keys], [Code.InvalidArgument, "IDEMPOTENCY_KEY_MISSING", []]);
  assert.match(message, /^CreateOrder changes something.*createOrder\(request, intent\.with\(\)\)$/);
});

test("two presses after no answer carry one key, and so do the repeats of each", async () => {
  const unanswered = new ConnectError("", Code.Unavailable, undefined, undefined, new NoAnswer());
  const { keys, api } = noting(unanswered, unanswered, busy(), {});
  const intent = new Intent();
  const press = () => api.orders.createOrder({}, intent.with());
  await assert.rejects(press(), { code: Code.Unavailable });
  await press();
  assert.match(intent.key, /^[0-9a-f-]{36}$/);
  assert.deepEqual(keys, Array(4).fill(intent.key));
});

test("an intent has one key, however often it is sent", async () => {
  const { keys, api } = noting({});
  const intent = new Intent();
  await api.orders.createOrder({}, intent.with());
  await api.orders.createOrder({}, new Intent(intent.key).with());
  assert.deepEqual(keys, [intent.key, intent.key]);
  assert.notEqual(new Intent().key, intent.key);
});

test("an intent keeps the other options of a call", () => {
  const { signal } = new AbortController();
  const options = new Intent("k").with({
    signal,
    timeoutMs: 7,
    headers: { traceparent: "t", "idempotency-key": "other" },
  });
  assert.deepEqual([options.signal, options.timeoutMs], [signal, 7]);
  assert.deepEqual(
    [...new Headers(options.headers)],
    [
      ["idempotency-key", "k"],
      ["traceparent", "t"],
    ],
  );
});

test("a read carries no key", async () => {
  const { keys, api } = noting({});
  await api.orders.findOrder({});
  assert.deepEqual(keys, [null]);
});

test("a key that the API would refuse is refused at once", () => {
  for (const key of ["", "two words", "two,keys", "tab\t", "é", "x".repeat(129)]) {
    assert.throws(() => new Intent(key), RangeError, key);
  }
  assert.equal(new Intent("x".repeat(128)).key.length, 128);
  assert.equal(new Intent("!+-~").key, "!+-~", "the neighbours of what is refused");
});
