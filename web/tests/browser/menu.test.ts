import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { becomes, fill, go, hasFocus, placed, press, tabTo } from "./shop.ts";
import { shoot, signIn, test } from "./stage.ts";

const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenkuchen";
const MORE = "A B C D E F G H I J K L".split(" ").map((letter) => `Dish${letter}`);

test("the keyboard keeps its place where a deed has come to its limit", async (open) => {
  const { page, allow } = await open();
  allow(/400/);
  await signIn(page, "anna", "/menu");
  const truffle = "Truffle tasting menu";
  const limits: [number, string, number][] = [
    [2, `One ${truffle} less`, 1],
    [999, `One ${truffle} more`, 1000],
    [999, `Add ${truffle}`, 1000],
  ];
  await fill(page, { [truffle]: 1 });
  for (const [before, name, after] of limits) {
    await page.getByRole("spinbutton", { name: `Quantity of ${truffle}` }).fill(String(before));
    const button = page.getByRole("button", { name });
    await button.press("Enter");
    assert.equal(await quantityOf(page, truffle), String(after));
    await hasFocus(page, button);
    await page.keyboard.press("Enter");
    assert.equal(await quantityOf(page, truffle), String(after), "it goes beyond its limit");
  }
  await press(page).press("Enter");
  await page.getByText("Your order was not placed").waitFor();
  await hasFocus(page, press(page));
});

test("an order is placed by the keyboard alone", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/menu");
  await page.getByRole("button", { name: "Add Pizza Funghi" }).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Add Pizza Funghi" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("radio", { name: "is approved", exact: true }));
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: "is declined by the bank" }).isChecked());
  await page.keyboard.press("ArrowUp");
  await tabTo(page, press(page));
  await page.keyboard.press("Enter");
  await becomes(page, await placed(page), "Approved");
});

for (const width of [390, 1280]) {
  test(`long names and many products fit a screen of ${width} px, with the deed in sight`, async (open) => {
    const { page } = await open({ width });
    await page.route("**/order_api.v1.OrderService/ListProducts?*", async (route) => {
      const response = await route.fetch();
      const menu = (await response.json()) as { products: { productId: string; name: string; unitPrice: object }[] };
      const [first] = menu.products;
      assert.ok(first, "the menu is not empty");
      const { unitPrice } = first;
      const more = MORE.map((name) => ({ productId: name.toLowerCase(), name, unitPrice }));
      await route.fulfill({
        response,
        json: { products: [{ ...first, name: LONG }, ...menu.products.slice(1), ...more] },
      });
    });
    await signIn(page, "anna", "/menu");
    await fill(page, { [LONG]: 1 });
    await fits(page);
    await press(page).click();
    await placed(page);
    await page.getByRole("cell", { name: LONG }).waitFor();
    await fits(page);
    await go(page, "My orders");
    await page.getByRole("link", { name: LONG }).first().waitFor();
    await fits(page);
    await go(page, "Menu");
    await fill(page, Object.fromEntries(MORE.map((name) => [name, 1])));
    await shoot(page, `menu many ${width}`);
    await page.evaluate(() => window.scrollTo(0, 0));
    const deed = width > 832 ? press(page) : page.getByRole("link", { name: "To your basket" });
    const bottom = await deed.evaluate((element) => element.getBoundingClientRect().bottom);
    assert.ok(bottom <= 800, `the deed is ${bottom - 800} px below the screen`);
  });
}

test("an order that could not leave the device is said not to be sent, and can be placed later", async (open) => {
  const { page, context, allow } = await open();
  allow(/ERR_INTERNET_DISCONNECTED/);
  await signIn(page, "anna", "/menu");
  await fill(page, { "Caesar salad": 1 });
  await context.setOffline(true);
  await press(page).click();
  await page.getByRole("alert").getByText("Your order was not sent: there is no network").waitFor();
  await context.setOffline(false);
  await press(page).click();
  await placed(page);
});

async function quantityOf(page: Page, name: string): Promise<string> {
  return page.getByRole("spinbutton", { name: `Quantity of ${name}` }).inputValue();
}

/** Nothing on the page is wider than the screen. */
async function fits(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${page.url()} is ${beyond} px wider than the screen`);
}
