import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { held } from "./order.ts";
import { becomes, go, hasFocus, order, rowOf } from "./shop.ts";
import { shoot, signIn, test } from "./stage.ts";

test("a refused card is told in the customer's words", async (open) => {
  const { page } = await open({ scheme: "dark", width: 390 });
  await signIn(page, "anna", "/menu");
  const declined = await order(page, { "Pizza Funghi": 1 }, "is declined by the bank");
  const poor = await order(page, { "Pizza Funghi": 1 }, "does not cover the amount");
  await becomes(page, declined, "Your bank has declined the card: please pay with another card.");
  await becomes(page, poor, "The card does not cover the amount: please pay with another card.");
  await rowOf(page, poor).getByText("Not accepted").waitFor();
  await isAccessible(page);
  await shoot(page, "orders phone dark");
});

test("an order whose first try at the bank is never answered is approved all the same", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/menu");
  const silent = await order(page, { "Caesar salad": 1 }, "is approved, but the first try is never answered");
  await becomes(page, silent, "Being checked");
  await becomes(page, silent, "Approved");
});

for (const width of [390, 1280]) {
  test(`the saga keeps its place while the order is checked and approved, on a screen of ${width} px`, async (open) => {
    const { page } = await open({ width });
    await signIn(page, "anna", "/menu");
    const goOn = await held(page);
    await order(page, { "Caesar salad": 1 }, "is approved after 2 seconds");
    const saga = page.getByRole("region", { name: "Create order" });
    await page.getByText("Your order is being checked").waitFor();
    const before = await placeOf(saga);
    goOn();
    await page.getByText("Your order is approved").waitFor();
    assert.equal((await placeOf(saga)).top, before.top);
    const { top, bottom } = await placeOf(page.getByRole("table", { name: "What you ordered" }));
    assert.ok(width > 700 ? bottom <= before.top : top >= (await placeOf(saga)).bottom, "the items are elsewhere");
  });
}

test("the browser's tab says how an order stands", async (open) => {
  const { page, allow } = await open();
  await signIn(page, "anna", "/menu");
  const goOn = await held(page);
  const id = (await order(page, { "Caesar salad": 1 }, "is approved after 2 seconds")).slice(0, 8);
  const isCalled = (title: string) => page.waitForFunction((wanted) => document.title === wanted, title);
  await isCalled(`Being checked · ${id} · Your order · Order Saga`);
  goOn();
  await isCalled(`Approved · ${id} · Your order · Order Saga`);
  allow(/404/);
  await page.goto(page.url().replace(/.{12}$/, "000000000000"));
  await isCalled("Not found · Your order · Order Saga");
});

test("an order is canceled", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/menu");
  const orderId = await order(page, { "Lasagne alla bolognese": 1 });
  await hasFocus(page, page.getByRole("heading", { level: 1 }));
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await hasFocus(page, page.locator("div[tabindex]").filter({ has: page.getByRole("status") }));
  await becomes(page, orderId, "Canceled");
});

test("an id that the browser does not copy is not said to be copied", async (open) => {
  const { page } = await open();
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
  });
  await signIn(page, "anna", "/menu");
  await order(page, { "Caesar salad": 1 });
  await page.getByRole("button", { name: /^Copy the order/ }).click();
  await page.getByText("not copied").waitFor();
});

test("two customers do not see each other's orders", async (open) => {
  const [{ page: annas }, berta] = [await open(), await open()];
  const { page: bertas } = berta;
  await signIn(annas, "anna", "/menu");
  const orderId = await order(annas, { "Caesar salad": 1 });
  await becomes(annas, orderId, "Approved");
  await signIn(bertas, "berta", "/orders");
  const own = await order(bertas, { "Caesar salad": 2 });
  await becomes(bertas, own, "Approved");
  assert.equal(await rowOf(bertas, orderId).count(), 0);
  await annas.reload();
  await rowOf(annas, orderId).waitFor();
  assert.equal(await rowOf(annas, own).count(), 0);
  berta.allow(/404/);
  await bertas.goto(bertas.url().replace(/\/orders$/, `/orders/${orderId}`));
  await bertas.getByText("There is no such order").waitFor();
});

test("older orders are shown on demand, and the page stays where it is", async (open) => {
  // So low that the end of the list is out of sight.
  const { page } = await open({ height: 240 });
  // Pages of two, so that a few orders fill more than a page.
  let isLast = false;
  await page.route("**/order_api.v1.OrderService/ListOrders?*", async (route) => {
    const url = route.request().url().replace("%22pageSize%22%3A20", "%22pageSize%22%3A2");
    assert.notEqual(url, route.request().url());
    const response = await route.fetch({ url });
    const { nextPageToken, ...last } = (await response.json()) as { nextPageToken?: string };
    await route.fulfill({ response, json: isLast && url.includes("pageToken") ? last : { ...last, nextPageToken } });
  });
  await signIn(page, "anna", "/menu");
  const oldest = await order(page, { "Caesar salad": 1 });
  for (let more = 0; more < 3; more += 1) {
    await order(page, { "Caesar salad": 1 });
  }
  await go(page, "My orders");
  await page.getByRole("row").nth(2).waitFor();
  assert.equal(await rowOf(page, oldest).count(), 0);
  const more = page.getByRole("button", { name: "Show more" });
  await more.press("Enter");
  await rowOf(page, oldest).waitFor();
  await hasFocus(page, more);
  isLast = true;
  await more.scrollIntoViewIfNeeded();
  const rows = await page.getByRole("row").count();
  const before = (await placeOf(more)).top - (await scrolled(page));
  await page.keyboard.press("Enter");
  await hasFocus(page, page.getByText("These are all your orders."));
  const after = (await placeOf(page.getByRole("row").nth(rows))).top - (await scrolled(page));
  // It begins where the button was, but for the gap between the two.
  assert.ok(Math.abs(after - before) < 60, `the page has not moved: ${before} px, ${after} px`);
});

/** How far the page is scrolled down, in pixels. */
async function scrolled(page: Page): Promise<number> {
  return page.evaluate(() => window.scrollY);
}

/** Where this begins and ends on the page, in pixels from its top. */
async function placeOf(shown: Locator): Promise<{ top: number; bottom: number }> {
  return shown.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return { top: top + window.scrollY, bottom: bottom + window.scrollY };
  });
}
