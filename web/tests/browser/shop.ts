import assert from "node:assert/strict";
import type { Locator, Page, Request, Route } from "playwright-core";

/** What a customer puts into the basket, by name, and how many of it. */
export type Wish = Readonly<Record<string, number>>;

/** Fills the basket on the menu's page. */
export async function fill(page: Page, wish: Wish): Promise<void> {
  for (const [name, quantity] of Object.entries(wish)) {
    await page.getByRole("button", { name: `Add ${name}` }).click();
    await page.getByRole("spinbutton", { name: `Quantity of ${name}` }).fill(String(quantity));
  }
}

/** Fills the basket and orders it; the order's id. */
export async function order(page: Page, wish: Wish, card = "is approved"): Promise<string> {
  await go(page, "Menu");
  await fill(page, wish);
  await page.getByRole("radio", { name: card, exact: true }).check();
  await press(page).click();
  return placed(page);
}

/** The button that orders. */
export function press(page: Page): Locator {
  return page.getByRole("button", { name: "Place order" });
}

/** Waits for the page of the order that was placed; its id. */
export async function placed(page: Page): Promise<string> {
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
}

/** Goes to one of the places in the head of the page. */
export async function go(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: place }).click();
  await page.getByRole("heading", { level: 1, name: place }).waitFor();
}

/** The order's row in the list of orders. */
export function rowOf(page: Page, orderId: string): Locator {
  return page.getByRole("row").filter({ has: page.locator(`a[href="/orders/${orderId}"]`) });
}

/** Waits until the list of orders says these words of the order. */
export async function becomes(page: Page, orderId: string, words: string): Promise<void> {
  await go(page, "My orders");
  await rowOf(page, orderId).getByText(words).waitFor({ timeout: 60_000 });
}

/** The keys of the presses that this page sends from now on. */
export function keysOf(page: Page): string[] {
  const keys: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/CreateOrder")) {
      keys.push(keyOf(request));
    }
  });
  return keys;
}

/** Lets CreateOrder reach the API, and keeps every answer from the page until the returned function is called. */
export async function loseAnswers(page: Page): Promise<{ heal: () => Promise<void>; orderIds: Set<string> }> {
  const orderIds = new Set<string>();
  const lose = async (route: Route) => {
    orderIds.add(await carriedOut(route));
    await route.abort("connectionreset");
  };
  await page.route(CREATE_ORDER, lose);
  return { orderIds, heal: () => page.unroute(CREATE_ORDER, lose) };
}

/** Lets a press reach the API, and keeps its answer from the page for ever. */
export async function holdAnswer(page: Page): Promise<{ orderId: Promise<string>; letGo: () => Promise<void> }> {
  let reach: (orderId: string) => void = () => undefined;
  const orderId = new Promise<string>((resolve) => (reach = resolve));
  const hold = async (route: Route) => {
    reach(await carriedOut(route));
  };
  await page.route(CREATE_ORDER, hold);
  return { orderId, letGo: () => page.unroute(CREATE_ORDER, hold) };
}

/** The id of the order that the API has answered; the page sees nothing of it. */
async function carriedOut(route: Route): Promise<string> {
  const answer = (await (await route.fetch()).json()) as { order: { orderId: string } };
  return answer.order.orderId;
}

const CREATE_ORDER = "**/order_api.v1.OrderService/CreateOrder";

/** The menu as it was before a price has changed: what is read from a cache shows this price. */
export async function showOldPrice(page: Page, productId: string, minorUnits: number): Promise<void> {
  await page.route("**/order_api.v1.OrderService/ListProducts?*", async (route) => {
    const answer = await route.fetch();
    const menu = (await answer.json()) as { products: { productId: string; unitPrice: { minorUnits: string } }[] };
    const product = menu.products.find((product) => product.productId === productId);
    assert.ok(product, "the menu has the product");
    product.unitPrice.minorUnits = String(minorUnits);
    await route.fulfill({ response: answer, json: menu });
  });
}

function keyOf(request: Request): string {
  const key = request.headers()["idempotency-key"];
  assert.ok(key, "a change has a key");
  return key;
}

/** Waits until what is wanted has the focus. */
export async function hasFocus(page: Page, wanted: Locator): Promise<void> {
  await wanted.and(page.locator(":focus")).waitFor();
}

/** Moves the focus by the Tab key until it is on what is wanted. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) {
      return;
    }
  }
  assert.fail("the Tab key does not get there");
}

/** What the list of a person's orders or of all sagas is once it is read, whether there is something in it or not. */
export function listRead(page: Page): Locator {
  const empty = page.getByText(/There is no saga yet|You have not ordered anything yet/);
  return page.getByRole("table").or(empty).first();
}
