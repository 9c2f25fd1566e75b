import type { Page } from "playwright-core";
import { setting } from "./setting.ts";

/** The address of an order's page. */
const ORDER = /\/orders\/([0-9a-f-]{36})$/;

/** Places an order for something that is left, with the card that does this; ends on the order's page, and returns its id. */
export async function placeOrder(page: Page, does: string | RegExp = "is approved"): Promise<string> {
  await page.goto(`${setting().console}/menu`);
  await page.getByRole("button", { name: /^Add / }).and(page.locator(":enabled")).first().click();
  await page.getByRole("radio", { name: does, exact: true }).check();
  await page.getByRole("button", { name: "Place order" }).click();
  return orderShown(page);
}

/** Waits for the page of an order, and returns the order's id. */
export async function orderShown(page: Page): Promise<string> {
  await page.waitForURL(ORDER);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return ORDER.exec(page.url())?.[1] ?? "";
}

/** Has the page told of an order as it was when its saga was first read, until it is let go on, however slow the machine is. */
export async function held(page: Page): Promise<() => void> {
  let [isHeld, first] = [true, undefined as object | undefined];
  await page.route(/OrderService\/FindOrder/, async (route) => {
    const response = await route.fetch();
    const latest = (await response.json()) as { sagas?: unknown[] };
    first ??= latest.sagas && latest;
    await route.fulfill({ response, json: isHeld ? (first ?? latest) : latest });
  });
  return () => {
    isHeld = false;
  };
}
