import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { isNoAnswer } from "../src/answer.ts";
import { connect, overFetch, type Options } from "../src/client.ts";
import { fresh } from "../src/fresh.ts";
import { Intent } from "../src/intent.ts";
import { FakeClock, FakeIssuer } from "./fakes.ts";

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** A client whose `fetch` answers in turn; an error is thrown. */
function over(answers: (Response | Error)[], options: Partial<Options> = {}) {
  const clock = new FakeClock();
  const sent: { url: string; method: string | undefined; token: string | null }[] = [];
  const fetch = async (url: RequestInfo | URL, init?: RequestInit) => {
    sent.push({ url: String(url), method: init?.method, token: new Headers(init?.headers).get("authorization") });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer instanceof Response) {
      return answer.bodyUsed ? assert.fail("an answer was used twice") : answer;
    }
    throw answer;
  };
  const transport = overFetch(fetch);
  const issuer = new FakeIssuer(clock);
  const api = connect({ baseUrl: "http://api.test", tokens: issuer.supply, clock, transport, ...options });
  return { api, sent, clock, issuer };
}

const failed = () => new TypeError("Failed to fetch");

test("an answer that nobody can read renews the token once, and is repeated like any that is unavailable", async () => {
  const { api, sent, issuer, clock } = over([failed(), json(200, {})]);
  await api.orders.listProducts({});
  assert.deepEqual(
    sent.map(({ token }) => token),
    ["Bearer token-1", "Bearer token-2"],
  );
  assert.deepEqual([issuer.asked.length, clock.slept.length], [2, 0]);
  const down = over([failed()]);
  await assert.rejects(
    down.api.orders.listProducts({}),
    (error) => isNoAnswer(error) && (error as ConnectError).code === Code.Unavailable,
  );
  assert.deepEqual([down.sent.length, down.clock.slept.length, down.issuer.asked.length], [5, 3, 2]);
});

test("an answer that breaks off is none", async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new TypeError("network error")),
  });
  const broken = new Response(body, { headers: { "content-type": "application/json" } });
  const { api, sent } = over([broken, json(200, {})]);
  await api.orders.listProducts({});
  assert.equal(sent.length, 2);
});

test("a gateway's own refusals are told by their status", async () => {
  const cases = [
    [401, Code.Unauthenticated],
    [403, Code.PermissionDenied],
    [404, Code.Unimplemented],
    [429, Code.Unavailable],
    [500, Code.Unavailable],
    [502, Code.Unavailable],
    [503, Code.Unavailable],
    [504, Code.Unavailable],
  ] as const;
  for (const [status, code] of cases) {
    const { api } = over([json(status, { message: "of the gateway" })], { patience: { attempts: 1 } });
    const renewed = json(status, { message: "of the gateway" });
    const again = over([json(status, { message: "of the gateway" }), renewed], { patience: { attempts: 1 } });
    await assert.rejects((status === 401 ? again.api : api).orders.listProducts({}), { code }, String(status));
  }
});

test("a gateway's own failure need not be JSON", async () => {
  for (const body of ["<html>", '"text"', "null", ""]) {
    const { api } = over([new Response(body, { status: 502 }), json(200, {})]);
    await api.orders.listProducts({});
  }
});

test("a failure of the API itself keeps its code", async () => {
  const { api, sent } = over([json(500, { code: "internal", message: "recorded" })]);
  await assert.rejects(api.orders.listProducts({}), { code: Code.Internal, rawMessage: "recorded" });
  assert.equal(sent.length, 1);
});

test("an aborted call is no riddle", async () => {
  const { api, issuer } = over([new DOMException("aborted", "AbortError")]);
  const signal = AbortSignal.abort();
  await assert.rejects(api.orders.listProducts({}, { signal }), { code: Code.Canceled });
  assert.ok(issuer.asked.length <= 1);
});

test("a call that is aborted while it waits for its answer is no riddle either", async () => {
  const controller = new AbortController();
  let asked = 0;
  const fetch = async () => {
    asked += 1;
    controller.abort();
    throw new DOMException("aborted", "AbortError");
  };
  const clock = new FakeClock();
  const issuer = new FakeIssuer(clock);
  const api = connect({ baseUrl: "http://api.test", tokens: issuer.supply, clock, transport: overFetch(fetch) });
  const failure = await api.orders.listProducts({}, { signal: controller.signal }).catch((error: unknown) => error);
  assert.equal((failure as ConnectError).code, Code.Canceled);
  assert.deepEqual([asked, issuer.asked.length, isNoAnswer(failure)], [1, 1, false]);
});

test("reads travel as GET and changes as POST, and a client can do without GET", async () => {
  const { api, sent } = over([json(200, {}), json(200, {})]);
  await api.orders.listProducts({ pageSize: 3 });
  await api.orders.createOrder({}, new Intent().with());
  assert.deepEqual(
    sent.map(({ method }) => method),
    ["GET", "POST"],
  );
  const query = new URL(sent[0]?.url ?? "").searchParams;
  assert.deepEqual(
    [query.get("message"), query.get("encoding"), query.get("connect")],
    ['{"pageSize":3}', "json", "v1"],
  );
  const without = over([json(200, {})], { useHttpGet: false });
  await without.api.orders.listProducts({});
  assert.deepEqual(
    without.sent.map(({ method }) => method),
    ["POST"],
  );
});

test("a fresh read travels as POST, and keeps the call's other options", async () => {
  const { api, sent } = over([json(200, {}), json(200, {}), json(200, {})]);
  await api.orders.listProducts({}, fresh());
  await api.orders.listProducts({});
  await assert.rejects(api.orders.listProducts({}, fresh({ signal: AbortSignal.abort() })), { code: Code.Canceled });
  assert.deepEqual(
    sent.slice(0, 2).map(({ method, token }) => [method, token]),
    [
      ["POST", "Bearer token-1"],
      ["GET", "Bearer token-1"],
    ],
  );
});
