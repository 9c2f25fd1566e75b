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
  await signIn(customer.page, "berta");
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

test("an operator narrows the list, and the address says how", async (open) => {
  const customer = await open();
  await signIn(customer.page, "berta");
  await placeOrder(customer.page);
  const { page } = await open();
  await signIn(page, "olga");
  await page.getByRole("heading", { level: 1, name: "Sagas" }).waitFor();
  await rowsOf(page, "All sagas").first().waitFor();
  await page.getByRole("combobox", { name: "Saga", exact: true }).selectOption("create-order");
  await page.getByRole("combobox", { name: "Latest step" }).selectOption("approve-order");
  await page.getByRole("combobox", { name: "Started in" }).selectOption("1h");
  const text = page.getByRole("searchbox", { name: "Text" });
  await text.fill("two words");
  await text.press("Enter");
  await page.getByRole("alert").getByText("no spaces").waitFor();
  await text.fill(" no-such-subject ");
  await text.press("Enter");
  await page.getByText("No saga passes these filters.").or(page.getByText("Nothing among the latest sagas")).waitFor();
  const narrow = { saga: "create-order", step: "approve-order", age: "1h", text: "no-such-subject" };
  assert.deepEqual(queryOf(page), narrow);
  assert.ok(await text.evaluate(hasFocus), "the keyboard's place is kept after a search");
  await page
    .getByRole("navigation", { name: "States" })
    .getByRole("link", { name: /^Completed/ })
    .click();
  assert.deepEqual(queryOf(page), { state: "completed", ...narrow });
  await page.getByRole("link", { name: "Clear filters" }).press("Enter");
  assert.deepEqual(queryOf(page), { state: "completed" });
  const form = page.getByRole("search", { name: "Sagas" });
  assert.ok(await form.evaluate(hasFocus), "the keyboard's place is kept after the filters are cleared");
  await rowsOf(page, "Completed").first().waitFor();
  await counted(page.getByRole("link", { name: /^Completed/ }));
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

function hasFocus(element: Element): boolean {
  return element === document.activeElement;
}

async function counted(link: Locator): Promise<void> {
  const words = await link.innerText();
  assert.match(words, /Completed\s+[1-9][0-9]*\+?$/, "the number of completed sagas");
}
