import { afterEach, expect, test, vi } from "vitest";
import { byPromise, listTroubles, secondsLeft, switchOff, switchOn, TroubleError } from "./troubles.ts";
import { troubleOf } from "./fixtures.fake.ts";

const URL = "http://127.0.0.1:9082";

/** Answers every call with this status and body. */
function answering(status: number, body: string) {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const refusal = (code: string) => JSON.stringify({ error: { code, message: "no" } });

afterEach(() => vi.unstubAllGlobals());

test("seconds are counted down to none", () => {
  const endsAt = "2026-11-26T07:00:10Z";
  const now = Date.parse("2026-11-26T07:00:00Z");
  expect([0, 1, 9_001, 10_000, 60_000].map((later) => secondsLeft(endsAt, now + later))).toEqual([10, 10, 1, 0, 0]);
});

test("troubles stand under their promises, in the order in which both are told", () => {
  const all = ["b", "a", "b"].map((promise, at) => troubleOf({ promise, id: String(at) }));
  const told = byPromise(all).map(({ promise, troubles }) => [promise, ...troubles.map(({ id }) => id)]);
  expect(told).toEqual([
    ["b", "0", "2"],
    ["a", "1"],
  ]);
  expect(byPromise([])).toEqual([]);
});

test("a trouble that is on already need not be switched on", async () => {
  const fetch = answering(409, refusal("ALREADY_ON"));
  await switchOn(URL, "silent-kitchen");
  const [address, init] = fetch.mock.calls[0] ?? [];
  expect(address).toBe(`${URL}/troubles/silent-kitchen/start`);
  expect(init).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } });
});

test("any other refusal is told in the server's words", async () => {
  answering(409, refusal("IN_THE_WAY"));
  await expect(switchOn(URL, "undo-first")).rejects.toMatchObject({ code: "IN_THE_WAY", message: "no" });
  await expect(switchOff(URL, "undo-first")).rejects.toBeInstanceOf(TroubleError);
  answering(500, "{}");
  await expect(switchOff(URL, "undo-first")).rejects.toThrow("The local AWS answered 500.");
});

test("a server that is gone is told as that", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(listTroubles(URL, AbortSignal.timeout(9))).rejects.toThrow("is `make up` still running?");
  answering(200, "no JSON");
  await expect(listTroubles(URL, AbortSignal.timeout(9))).rejects.toThrow("is `make up` still running?");
});
