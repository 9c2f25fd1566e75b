import assert from "node:assert/strict";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { listRead } from "./shop.ts";
import { signIn, test } from "./stage.ts";
import { Traffic } from "./traffic.ts";

for (const [person, path, method] of [
  ["olga", "/sagas", "ListSagas"],
  ["anna", "/orders", "ListOrders"],
] as const) {
  test(`an API that is away is asked once at a time, and less and less often: ${path}`, async (open) => {
    const { page, allow } = await open();
    allow(/ERR_FAILED/);
    await page.clock.install();
    const traffic = new Traffic(page);
    await signIn(page, person, path);
    // The first read is repeated quickly: it is over.
    await listRead(page).waitFor();
    await traffic.stopped();
    const calls = `${setting().api}/**`;
    await page.route(calls, (route) => route.abort());
    const lists = new Map<string, number[]>();
    let now = 0;
    page.on("request", (request) => {
      if (request.url().includes(method) && request.method() !== "OPTIONS") {
        lists.set(request.url(), [...(lists.get(request.url()) ?? []), now]);
      }
    });
    for (; now < 80_000; now += 1_000) {
      await traffic.step(1_000);
    }
    const tooSoon = traffic.soonerThan(4_000).filter((call) => call.includes(setting().api));
    assert.deepEqual(tooSoon, [], "asked again too soon");
    assert.ok(lists.size > 0, "the list was not asked for");
    for (const asked of lists.values()) {
      const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
      assert.ok(pauses.length >= 3, `not asked for again: ${pauses.join()}`);
      assert.ok((pauses.at(-1) ?? 0) >= 15_000, `asked for as often as before: ${pauses.join()}`);
    }
    await page
      .getByRole("alert")
      .getByText(/as of \d\d:\d\d:\d\d\..*The service cannot be reached/s)
      .first()
      .waitFor();
    await page.unroute(calls);
    for (; (await page.getByRole("alert").count()) > 0 && now < 120_000; now += 1_000) {
      await traffic.step(1_000);
    }
    assert.equal(await page.getByRole("alert").count(), 0, "the page does not go on by itself");
  });
}

test("offline a page that was not opened before can be opened, and fills itself when the network is back", async (open) => {
  const { page, context, allow } = await open();
  allow(/ERR_INTERNET_DISCONNECTED/);
  const loaded = page.waitForResponse(/assets\/Orders-.*\.js$/);
  await signIn(page, "anna", "/menu");
  await loaded;
  await context.setOffline(true);
  await page.getByText("You are offline").waitFor();
  await page.getByRole("link", { name: "My orders" }).click();
  await page.getByRole("heading", { level: 1, name: "My orders" }).waitFor();
  await context.setOffline(false);
  await listRead(page).waitFor();
});

test("a page whose code did not come before the network went is loaded when it is back", async (open) => {
  const { page, context, allow } = await open();
  // Chromium's own page of errors complains too, if the reload comes before the network is back for it as well.
  allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch dynamically imported module|load preload assets/);
  const code = "**/assets/Orders-*.js";
  await page.route(code, (route) => route.abort());
  const failing = page.waitForEvent("requestfailed", (request) => request.url().includes("/assets/Orders-"));
  await signIn(page, "anna", "/menu");
  await failing;
  await page.unroute(code);
  await context.setOffline(true);
  await page.getByRole("link", { name: "My orders" }).click();
  await page.getByText("This page was not loaded before you went offline").waitFor();
  await isAccessible(page);
  await context.setOffline(false);
  await listRead(page).waitFor();
  assert.equal(new URL(page.url()).pathname, "/orders");
});

test("a page whose code did not come ahead of time is opened all the same, without a word of what failed", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED|Failed to fetch dynamically imported module/);
  const code = "**/assets/Orders-*.js";
  await page.route(code, (route) => route.abort());
  const failing = page.waitForEvent("requestfailed", (request) => request.url().includes("/assets/Orders-"));
  await signIn(page, "anna", "/menu");
  await failing;
  await page.unroute(code);
  // Kept over the reload that may follow.
  await page.evaluate(() => {
    const look = () => document.querySelector("main [role=alert]") && sessionStorage.setItem("an alert was seen", "");
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  });
  await page.getByRole("link", { name: "My orders" }).click();
  await listRead(page).waitFor();
  const seen = await page.evaluate(() => sessionStorage.getItem("an alert was seen"));
  assert.equal(seen, null, "it was told that the page cannot be shown");
});

test("the menu says that nobody knows what is left, and whoever is signed out is asked for no more", async (open) => {
  const { page, allow } = await open();
  allow(/401/);
  await page.clock.install();
  await signIn(page, "anna", "/menu");
  await page
    .getByText(/\d left$/)
    .first()
    .waitFor();
  let asked = 0;
  await page.route(/\/ListStock/, (route) => {
    asked += 1;
    const headers = { "access-control-allow-origin": setting().console };
    return route.fulfill({ status: 401, headers, json: { code: "unauthenticated" } });
  });
  await page.clock.runFor(6_000);
  const told = page.getByRole("alert").filter({ hasText: "What is left may have changed since" });
  await told.getByRole("button", { name: "Sign in again" }).waitFor();
  const before = asked;
  assert.ok(before > 0, "the stock was not asked for");
  await page.clock.runFor(120_000);
  await page.waitForLoadState("networkidle");
  assert.equal(asked, before, "it was asked for again");
});
