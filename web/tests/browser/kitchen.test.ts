import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { becomes, fill, go, hasFocus, order, placed, press } from "./shop.ts";
import { shoot, signIn, test } from "./stage.ts";

const TIRAMISU = "Tiramisù";
/** As much as there was before a test took it away. */
const PLENTY = 1000;

function ticketOf(page: Page, orderId: string): Locator {
  return page.getByRole("listitem", { name: `Ticket ${orderId.slice(0, 8)}` });
}

/** The product on the menu. */
function offerOf(page: Page, name: string): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
}

async function setStock(page: Page, name: string, count: number): Promise<void> {
  await page.getByRole("textbox", { name: `New count of ${name}` }).fill(String(count));
  await page.getByRole("button", { name: `Set the count of ${name}` }).click();
  await page.getByText(`Set to ${count.toLocaleString("en")}`).waitFor();
}

test("a cook starts a ticket, and a cancellation that comes after it is refused", async (open) => {
  const [{ page: annas }, { page: carlos }] = [await open(), await open()];
  await signIn(annas, "anna", "/menu");
  const orderId = await order(annas, { "Pizza Margherita": 1, [TIRAMISU]: 3 });
  await annas.getByRole("button", { name: "Cancel order" }).waitFor({ timeout: 60_000 });
  await signIn(carlos, "carlo", "/kitchen");
  await carlos.getByText("Once you start cooking, the customer can no longer cancel.").waitFor();
  await ticketOf(carlos, orderId).getByText("3 × Tiramisù").waitFor();
  await isAccessible(carlos);
  await shoot(carlos, "kitchen");
  await ticketOf(carlos, orderId)
    .getByRole("button", { name: /^Start cooking/ })
    .click();
  await hasFocus(carlos, carlos.getByRole("heading", { name: "To be cooked" }));
  await carlos.getByRole("radio", { name: "Being cooked" }).check({ force: true });
  await ticketOf(carlos, orderId).waitFor();
  await carlos.reload();
  await ticketOf(carlos, orderId).waitFor();
  await annas.getByRole("button", { name: "Cancel order" }).click();
  await annas.getByRole("button", { name: "Yes, cancel it" }).click();
  await becomes(annas, orderId, "It could not be canceled. The order is being cooked already");
});

test("a cook is told when a ticket was canceled meanwhile", async (open) => {
  const [{ page: annas }, { page: carlos, allow }] = [await open(), await open({ scheme: "dark", width: 768 })];
  allow(/400/);
  await signIn(annas, "anna", "/menu");
  const orderId = await order(annas, { "Lasagne alla bolognese": 1 });
  await annas.getByRole("button", { name: "Cancel order" }).waitFor({ timeout: 60_000 });
  await signIn(carlos, "carlo", "/kitchen");
  await ticketOf(carlos, orderId).waitFor();
  // From now on the cook's list is as old as a list can be.
  await carlos.route("**/ListTickets?*", () => undefined);
  await annas.getByRole("button", { name: "Cancel order" }).click();
  await annas.getByRole("button", { name: "Yes, cancel it" }).click();
  await becomes(annas, orderId, "Canceled");
  await ticketOf(carlos, orderId)
    .getByRole("button", { name: /^Start cooking/ })
    .click();
  await carlos.getByRole("alert").getByText("The order was canceled: it is not to be cooked.").waitFor();
  await isAccessible(carlos);
  await shoot(carlos, "kitchen refused dark");
});

test("what the cook counts is what customers see, and what the kitchen has not is not sold", async (open) => {
  const [{ page: annas }, { page: carlos }] = [await open(), await open()];
  await signIn(carlos, "carlo", "/kitchen");
  await carlos.getByRole("textbox", { name: `New count of ${TIRAMISU}` }).fill("many");
  await carlos.getByRole("button", { name: `Set the count of ${TIRAMISU}` }).click();
  await carlos.getByText("Give a whole number from 0 to 1,000,000.").waitFor();
  await setStock(carlos, TIRAMISU, 3);
  await signIn(annas, "anna", "/menu");
  await offerOf(annas, TIRAMISU).getByText("Only 3 left").waitFor();
  await fill(annas, { [TIRAMISU]: 4 });
  await annas.getByText("There are only 3 left: the kitchen will probably refuse this order.").waitFor();
  await isAccessible(annas);
  await press(annas).click();
  const orderId = await placed(annas);
  await becomes(annas, orderId, "There is not enough left of something you ordered: please choose something else.");
  await go(annas, "Menu");
  const adds = annas.getByRole("button", { name: `Add ${TIRAMISU}` });
  await adds.focus();
  await setStock(carlos, TIRAMISU, 0);
  await offerOf(annas, TIRAMISU).getByText("Sold out").waitFor();
  assert.ok(await adds.isDisabled());
  await hasFocus(annas, adds);
  await shoot(annas, "menu sold out");
  await setStock(carlos, TIRAMISU, PLENTY);
  await offerOf(annas, TIRAMISU).getByText("Sold out").waitFor({ state: "detached" });
  assert.ok(await adds.isEnabled());
});
