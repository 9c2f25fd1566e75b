import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { becomes, fill, go, holdAnswer, keysOf, loseAnswers, placed, press, rowOf, showOldPrice } from "./shop.ts";
import { shoot, signIn, test } from "./stage.ts";

test("a customer orders, and a double click is one order", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/menu");
  await fill(page, { "Pizza Margherita": 2, "Rosemary focaccia": 1 });
  await page.getByText("€23.00", { exact: true }).waitFor();
  await page.getByText("€27.50", { exact: true }).waitFor();
  await isAccessible(page);
  await shoot(page, "menu");
  const keys = keysOf(page);
  await press(page).dblclick();
  const orderId = await placed(page);
  await page.getByRole("row", { name: "Pizza Margherita 2 €11.50 €23.00" }).waitFor();
  await becomes(page, orderId, "Approved");
  assert.equal(keys.length, 1);
  const newest = page.getByRole("row").nth(1);
  assert.match(await newest.innerText(), /2 × Pizza Margherita, 1 × Rosemary focaccia/);
  const link = newest.getByRole("link", { name: `order ${orderId.slice(0, 8)}` });
  assert.equal(await link.getAttribute("href"), `/orders/${orderId}`);
  await isAccessible(page);
  await shoot(page, "orders");
  await go(page, "Menu");
  const ordered = page.getByRole("link", { name: "see your order" });
  assert.equal(await ordered.getAttribute("href"), `/orders/${orderId}`);
});

test("a changed price is shown, and must be accepted", async (open) => {
  const { page, allow } = await open();
  allow(/400/);
  await showOldPrice(page, "focaccia", 400);
  await signIn(page, "anna", "/menu");
  await fill(page, { "Rosemary focaccia": 3 });
  await page.getByText("€12.00", { exact: true }).last().waitFor();
  await press(page).click();
  await page.getByRole("alert").getByText("The price has changed").waitFor();
  await page.getByText("The price has changed from €4.00 to €4.50.").waitFor();
  await page.getByText("€13.50", { exact: true }).last().waitFor();
  assert.ok(await press(page).isDisabled());
  await isAccessible(page);
  await shoot(page, "menu price changed");
  await page.getByRole("button", { name: "Accept the new price of Rosemary focaccia" }).click();
  await press(page).click();
  await becomes(page, await placed(page), "Approved");
});

test("what cannot be ordered is told before or after it is sent", async (open) => {
  const { page, allow } = await open();
  allow(/400/);
  await signIn(page, "anna", "/menu");
  const truffle = "Truffle tasting menu";
  await fill(page, { [truffle]: 1001 });
  await page.getByText("Choose a whole number from 1 to 1000.").waitFor();
  assert.ok(await press(page).isDisabled());
  await page.getByRole("spinbutton", { name: `Quantity of ${truffle}` }).fill("1000");
  await press(page).click();
  await page.getByText("It comes to €89,000.00; at most €1,000.00 can be ordered at once.").waitFor();
  await page.getByRole("button", { name: `Remove ${truffle}` }).click();
  await page.getByText("There is nothing in it yet").waitFor();
});

test("a reload in mid-press keeps the basket and the key, so that there is one order", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/menu");
  await fill(page, { Tiramisù: 2 });
  const keys = keysOf(page);
  const held = await holdAnswer(page);
  await press(page).click();
  const first = await held.orderId;
  await held.letGo();
  await page.reload();
  assert.equal(await page.getByRole("spinbutton", { name: "Quantity of Tiramisù" }).inputValue(), "2");
  await press(page).click();
  assert.equal(await placed(page), first);
  assert.equal(keys.length, 2);
  assert.equal(keys[1], keys[0]);
});

test("all tabs have one basket, and a press in each is one order", async (open) => {
  const { page, context } = await open();
  await signIn(page, "anna", "/menu");
  await fill(page, { Tiramisù: 2 });
  const tab = await context.newPage();
  await tab.goto(page.url());
  const quantity = (where: Page) => where.getByRole("spinbutton", { name: "Quantity of Tiramisù" });
  await quantity(tab).and(tab.locator('[value="2"]')).waitFor();
  await quantity(tab).fill("3");
  await quantity(page).and(page.locator('[value="3"]')).waitFor();
  const keys = [keysOf(page), keysOf(tab)];
  const held = await holdAnswer(page);
  await press(page).click();
  const first = await held.orderId;
  await press(tab).click();
  assert.equal(await placed(tab), first);
  assert.equal(new Set(keys.flat()).size, 1);
  await page.getByRole("link", { name: "see your order" }).waitFor();
});

test("a basket that is changed after a press without an answer is another order, if the customer wants it", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_CONNECTION_RESET|400/);
  await signIn(page, "anna", "/menu");
  await fill(page, { "Gnocchi al gorgonzola": 1 });
  const { heal, orderIds } = await loseAnswers(page);
  await press(page).click();
  await page.getByText("We do not know yet whether your order was placed").waitFor({ timeout: 60_000 });
  assert.equal(orderIds.size, 1);
  await heal();
  await page.getByRole("button", { name: "One Gnocchi al gorgonzola more" }).click();
  await press(page).click();
  await page.getByText("Your basket was ordered before you changed it").waitFor();
  assert.equal(await page.getByRole("link", { name: "See my orders" }).getAttribute("href"), "/orders");
  await shoot(page, "menu ordered before");
  await page.getByRole("button", { name: "Order this as well" }).click();
  assert.ok(!orderIds.has(await placed(page)));
  await go(page, "My orders");
  for (const orderId of orderIds) {
    await rowOf(page, orderId).waitFor();
  }
});
