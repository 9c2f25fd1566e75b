import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { placeOrder } from "./order.ts";
import { setting } from "./setting.ts";
import { shoot, signIn, test } from "./stage.ts";

const DECLINED = "is declined by the bank";

const rowsOf = (page: Page, heading: string) =>
  page
    .getByRole("region", { name: heading })
    .getByRole("row")
    .filter({ has: page.getByRole("link") });

const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

test("an operator finds the saga of an order by a link, and opens it", async (open) => {
  const customer = await open();
  await signIn(customer.page, "anna");
  const orderId = await placeOrder(customer.page, DECLINED);
  const { page } = await open();
  await signIn(page, "olga", "/sagas");
  await page.goto(`${setting().console}/sagas?state=compensated&saga=create-order&age=15m&text=${orderId}`);
  const row = rowsOf(page, "Undone");
  await row.getByText("CARD_DECLINED").waitFor();
  assert.equal(await row.count(), 1, "the text names one order");
  await row.getByRole("button", { name: `Copy subject ${orderId}` }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), orderId);
  assert.equal(await page.getByRole("combobox", { name: "Saga", exact: true }).inputValue(), "create-order");
  await page.reload();
  await row.getByText("CARD_DECLINED").waitFor();
  await isAccessible(page);
  await row.getByRole("link").click();
  await page.waitForURL(/\/sagas\/[0-9a-f-]{36}$/);
  await page.getByText("CARD_DECLINED").first().waitFor();
  await shoot(page, "operator-saga");
  await page.goBack();
  await row.getByText("CARD_DECLINED").waitFor();
});

test("what went wrong with more of a list is not told of another list", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED/);
  await page.route("**/ListSagas?*", (route) => {
    const saga = { sagaId: "0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11", saga: "create-order", startedAt: new Date() };
    return decodeURIComponent(route.request().url()).includes('"pageToken"')
      ? route.abort()
      : route.fulfill({
          json: { sagas: [saga], nextPageToken: "more" },
          headers: { "access-control-allow-origin": "*" },
        });
  });
  await signIn(page, "olga", "/sagas");
  await page.getByRole("region", { name: "All others" }).getByRole("button", { name: "Show more" }).click();
  const told = page.getByText("No more sagas can be listed now");
  await told.waitFor({ timeout: 60_000 });
  await page.getByRole("combobox", { name: "Started in" }).selectOption("1h");
  await told.waitFor({ state: "detached" });
});

test("an operator narrows the list, and the address says how", async (open) => {
  const customer = await open();
  await signIn(customer.page, "anna");
  await placeOrder(customer.page);
  const { page } = await open();
  await signIn(page, "olga");
  await page.getByRole("heading", { level: 1, name: "Sagas" }).waitFor();
  await rowsOf(page, "All others").first().waitFor();
  await page.getByRole("combobox", { name: "Saga", exact: true }).selectOption("create-order");
  await page.getByRole("combobox", { name: "Latest step" }).selectOption("approve-order");
  await page.getByRole("combobox", { name: "Started in" }).selectOption("1h");
  await page.getByRole("searchbox", { name: "Text" }).fill("no-such-subject");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("No saga passes these filters.").or(page.getByText("Nothing among the latest sagas")).waitFor();
  const narrow = { saga: "create-order", step: "approve-order", age: "1h", text: "no-such-subject" };
  assert.deepEqual(queryOf(page), narrow);
  await page
    .getByRole("navigation", { name: "States" })
    .getByRole("link", { name: /^Completed/ })
    .click();
  assert.deepEqual(queryOf(page), { state: "completed", ...narrow });
  await page.getByRole("link", { name: "Clear filters" }).click();
  assert.deepEqual(queryOf(page), { state: "completed" });
  await rowsOf(page, "Completed").first().waitFor();
  await counted(page.getByRole("link", { name: /^Completed/ }));
});

test("stuck sagas stand above the rest, and a list that is cut off is read on", async (open) => {
  const { page } = await open();
  // No saga gets stuck within minutes: the answers are made up here, by the contract.
  await page.route(/ListSagas/, async (route) => {
    const { searchParams } = new URL(route.request().url());
    const asked = JSON.parse(searchParams.get("message") ?? "{}") as { states?: string[]; pageToken?: string };
    const isStuck = asked.states?.join() === "SAGA_STATE_STUCK";
    const page = isStuck ? { sagas: [saga("a", "SAGA_STATE_STUCK")] } : PAGES[asked.pageToken ?? ""];
    await route.fulfill({ json: page, headers: { "access-control-allow-origin": setting().console } });
  });
  await signIn(page, "olga");
  await rowsOf(page, "Stuck").getByText("Approve order waiting, sent 6×").waitFor();
  await rowsOf(page, "Stuck").getByRole("img", { name: "3 of 4 steps done, 1 stuck" }).waitFor();
  await page.getByText("Older sagas have not been looked at yet.").waitFor();
  await shoot(page, "operator-stuck");
  await page.getByRole("button", { name: "Look further" }).click();
  await rowsOf(page, "All others").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.getByRole("link", { name: "Stuck 1000+" }).waitFor();
});

test("nobody else sees the sagas of all orders, and nothing is asked for in vain", async (open) => {
  const { page } = await open();
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  await signIn(page, "anna", "/sagas");
  await page.getByRole("heading", { level: 1, name: "Nothing is here" }).waitFor();
  assert.deepEqual(
    asked.filter((address) => address.includes("ListSagas")),
    [],
  );
});

/** Four pages without a saga, and a fifth with a saga. */
const PAGES: Record<string, object> = {
  "": { nextPageToken: "b", counts: [{ state: "SAGA_STATE_STUCK", sagas: 1000, atLeast: true }] },
  b: { nextPageToken: "c" },
  c: { nextPageToken: "d" },
  d: { nextPageToken: "e" },
  e: { sagas: [saga("b", "SAGA_STATE_RUNNING")] },
};

function saga(digit: string, state: string): object {
  const latest = { name: "approve-order", service: "order", state: "COMMAND_STATE_SENT", repeats: 5 };
  const sagaId = `${digit.repeat(8)}-0000-4000-8000-000000000000`;
  return {
    sagaId,
    name: "create-order",
    version: 1,
    state,
    subject: sagaId,
    startedAt: new Date().toISOString(),
    latest,
  };
}

async function counted(link: Locator): Promise<void> {
  const words = await link.innerText();
  assert.match(words, /Completed\s+[1-9][0-9]*\+?$/, "the number of completed sagas");
}
