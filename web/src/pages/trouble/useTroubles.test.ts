import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTab } from "../../api/tab.fake.ts";
import { ON, troubleOf } from "./fixtures.fake.ts";
import type { Trouble } from "./troubles.ts";
import { troublesOptions } from "./useTroubles.ts";

const URL = "http://127.0.0.1:9082";

let tab: ReturnType<typeof openTab>;
beforeEach(() => (tab = openTab()));
afterEach(() => {
  tab.close();
  vi.unstubAllGlobals();
});

/** Watches this one trouble, as the banner does and, a little later, the page. */
async function watch(trouble: Trouble) {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(Response.json({ troubles: [trouble] })));
  vi.stubGlobal("fetch", fetch);
  const join = () => new QueryObserver(tab.queries, troublesOptions(URL)).subscribe(() => undefined);
  join();
  await tab.pass(500);
  join();
  return fetch;
}

test("troubles are asked for every two seconds while one is on, however many watch", async () => {
  const fetch = await watch(troubleOf({ on: ON }));
  await tab.pass(59_499);
  expect(fetch).toHaveBeenCalledTimes(30);
  expect(fetch.mock.calls[0]?.[0]).toBe(`${URL}/troubles`);
});

test("troubles are asked for every five seconds while all are off", async () => {
  const fetch = await watch(troubleOf());
  await tab.pass(59_499);
  expect(fetch).toHaveBeenCalledTimes(12);
});

test("nobody asks for troubles in a hidden tab, and at once when it is in sight again", async () => {
  const fetch = await watch(troubleOf({ on: ON }));
  tab.hide();
  await tab.pass(60_000);
  expect(fetch).toHaveBeenCalledTimes(1);
  tab.show();
  await tab.pass(0);
  expect(fetch).toHaveBeenCalledTimes(2);
});
