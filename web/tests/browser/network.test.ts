import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { placeOrder } from "./order.ts";
import { setting } from "./setting.ts";
import { listRead } from "./shop.ts";
import { signIn, test, type PersonName } from "./stage.ts";
import { Traffic } from "./traffic.ts";

/** Who leaves which page open, and what is there once it is read; an order's page is that of an order just placed. */
const OPEN: readonly (readonly [PersonName, string, (page: Page) => Locator])[] = [
  ["anna", "/menu", (page) => page.getByText(/\d left/)],
  ["anna", "/orders", listRead],
  ["anna", "order", (page) => page.getByRole("list", { name: "Steps" })],
  ["anna", "/trouble", (page) => page.getByRole("button", { name: /^Try it/ })],
  ["carlo", "/kitchen", (page) => page.getByRole("button", { name: /^Set/ })],
  ["olga", "/sagas", listRead],
];

/** As the page's clock has it; nobody waits for it. */
const WATCHED_MS = 6_000;
const STEP_MS = 200;
/** A request is seen a step after its time at the latest, so that a second between two may be measured as less. */
const SOONEST_MS = 1_000 - 2 * STEP_MS;

async function leaveOpen(page: Page, person: PersonName, path: string): Promise<void> {
  await signIn(page, person, path === "order" ? "/menu" : path);
  if (path === "order") {
    await placeOrder(page);
  }
}

for (const [person, path, what] of OPEN) {
  test(`nothing is asked twice within a second, and nothing by a hidden page: ${path}`, async (open) => {
    const { page } = await open();
    await page.clock.install();
    const traffic = new Traffic(page);
    await leaveOpen(page, person, path);
    // What a page asks as it opens is no poll.
    await what(page).first().waitFor();
    await traffic.stopped();
    for (let passed = 0; passed < WATCHED_MS; passed += STEP_MS) {
      await traffic.step(STEP_MS);
    }
    assert.deepEqual(traffic.soonerThan(SOONEST_MS), [], "asked again too soon");
    assert.ok(traffic.count > 0 || path === "order", "nothing was asked: there is nothing to see");
    await hide(page, true);
    await settled(traffic);
    const before = traffic.count;
    for (let passed = 0; passed < 3 * WATCHED_MS; passed += 1_000) {
      await traffic.step(1_000);
    }
    assert.equal(traffic.count, before, "a hidden page has asked");
    await hide(page, false);
    await traffic.step(WATCHED_MS);
  });
}

test("a list that is watched is asked for again, and at once when it is shown again", async (open) => {
  const { page } = await open();
  await page.clock.install();
  const traffic = new Traffic(page);
  await signIn(page, "olga", "/sagas");
  await listRead(page).waitFor();
  await traffic.stopped();
  const asking = page.waitForRequest(/ListSagas/);
  await traffic.step(5_100);
  await asking;
  await hide(page, true);
  await settled(traffic);
  await traffic.step(60_000);
  const again = page.waitForRequest(/ListSagas/);
  await hide(page, false);
  await traffic.step(100);
  await again;
});

test("an order that was placed offline is placed once, when the network is back", async (open) => {
  const { page, context, allow } = await open();
  allow(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, "anna", "/menu");
  await page.getByRole("button", { name: /^Add / }).and(page.locator(":enabled")).first().click();
  const keys: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/CreateOrder") && request.method() === "POST") {
      keys.push(request.headers()["idempotency-key"]);
    }
  });
  await context.setOffline(true);
  await page.getByText("You are offline").waitFor();
  await page.getByRole("button", { name: "Place order" }).click();
  await page
    .getByRole("alert")
    .or(page.getByText(/may be placed|cannot be reached/))
    .first()
    .waitFor({ timeout: 40_000 });
  await context.setOffline(false);
  await page.getByText("You are offline").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Place order" }).click();
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  assert.ok(keys.length >= 2, "the order was sent once only");
  assert.equal(new Set(keys).size, 1, "the order was sent under more keys than one");
});

test("every page asks whom the policy names, is refused nothing, and nothing fails", async (open) => {
  const { console: own, api, issuer, trouble } = setting();
  const known = [own, api, issuer, trouble].map((address) => new URL(address).origin);
  for (const person of ["anna", "carlo", "olga"] as const) {
    const { page } = await open();
    const strange: string[] = [];
    const failed: string[] = [];
    page.on("request", (request) => {
      if (!known.includes(new URL(request.url()).origin)) {
        strange.push(request.url());
      }
    });
    page.on("requestfailed", (request) => {
      // What a page has asked when it was left.
      if (request.failure()?.errorText !== "net::ERR_ABORTED") {
        failed.push(request.url());
      }
    });
    await signIn(page, person);
    const places = page.getByRole("navigation", { name: "Places" }).getByRole("link");
    for (const name of await places.allTextContents()) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await page.waitForLoadState("networkidle");
    }
    assert.deepEqual({ strange, failed }, { strange: [], failed: [] });
  }
});

/** What was begun before the page was hidden is seen and answered. */
async function settled(traffic: Traffic): Promise<void> {
  for (let steps = 0; steps < 5; steps += 1) {
    await traffic.step(STEP_MS);
  }
}

/** A headless browser hides no page: the page is told what a browser would tell it. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },
    isHidden ? "hidden" : "visible",
  );
}
