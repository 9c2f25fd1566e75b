import assert from "node:assert/strict";
import { test } from "node:test";
import { Intent } from "../src/intent.ts";
import { busy, inProcess, inTurn } from "./fakes.ts";

/** The keys with which the API was called, while it answers as told. */
function noting(...answers: Parameters<typeof inTurn<object>>) {
  const keys: (string | null)[] = [];
  const answer = inTurn<object>(...answers);
  const note = (_: unknown, { requestHeader }: { requestHeader: Headers }) => {
    keys.push(requestHeader.get("Idempotency-Key"));
    return answer();
  };
  return { keys, api: inProcess({ createOrder: note, findOrder: note }) };
}

test("each change has a key of its own, which its repeats carry as well", async () => {
  const { keys, api } = noting(busy(), {});
  await api.orders.createOrder({});
  await api.orders.createOrder({});
  assert.equal(keys.length, 3);
  assert.match(keys[0] ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(keys[1], keys[0]);
  assert.notEqual(keys[2], keys[0]);
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
  for (const key of ["", "two words", "tab\t", "é", "x".repeat(129)]) {
    assert.throws(() => new Intent(key), RangeError, key);
  }
  assert.equal(new Intent("x".repeat(128)).key.length, 128);
});
