import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { hasFocus } from "./shop.ts";
import { shoot, signIn, test } from "./stage.ts";

/** The saga asks again after ten seconds, and after twenty more; a busy machine may take longer. */
const REPEATS_MS = 60_000;

const card = (page: Page, title: string) => page.getByRole("listitem", { name: title, exact: true });
const banner = (page: Page) => page.getByRole("complementary", { name: "Trouble that is on" });

/** Whatever a test has switched on must not meet the next test. */
async function endAll(): Promise<void> {
  const { console: origin, trouble } = setting();
  const headers = { origin, "content-type": "application/json" };
  const answer = await fetch(`${trouble}/troubles/end`, { method: "POST", headers, body: "{}" });
  assert.equal(answer.status, 200);
}

test("a silent kitchen is waited for, asked again and heard", async (open) => {
  try {
    const { page } = await open();
    await signIn(page, "anna", "/trouble");
    await card(page, "Kitchen is silent").getByRole("button", { name: "Try it: Kitchen is silent" }).click();
    await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
    await banner(page).getByText("Kitchen is silent", { exact: true }).waitFor();
    await banner(page)
      .getByText(/^ends in \d+ s$/)
      .waitFor();
    await page.getByText(/Waits for kitchen’s reply to “Create ticket”/).waitFor();
    await isAccessible(page);
    await page
      .getByText(/sent 2×/)
      .first()
      .waitFor({ timeout: REPEATS_MS });
    await shoot(page, "trouble-silent");
    await banner(page).getByRole("button", { name: "End it now: Kitchen is silent" }).click();
    await banner(page).waitFor({ state: "detached" });
    await page.getByText("Every step has succeeded.").waitFor({ timeout: REPEATS_MS });
    await shoot(page, "trouble-recovered");
  } finally {
    await endAll();
  }
});

test("an order for more than there is and a declined card are undone before one's eyes", async (open) => {
  const { page } = await open();
  await signIn(page, "anna");
  for (const title of ["There is too little in stock", "The card is declined"]) {
    await page.getByRole("link", { name: "Trouble" }).click();
    await page.getByRole("button", { name: `Try it: ${title}` }).click();
    await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
    await page.getByText("The saga has left nothing behind.").waitFor();
    assert.equal(await banner(page).count(), 0, "nothing was switched on");
    await shoot(page, `trouble-${title}`);
  }
});

test("a cook starts and ends troubles, sees which are on and which waits, and is told who orders", async (open) => {
  try {
    const { page } = await open({ width: 390, height: 844, scheme: "dark" });
    await signIn(page, "carlo", "/trouble");
    await page.getByText("To place the orders that meet them, sign in as a customer.").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Try it/ }).count(), 0);
    await card(page, "The card is declined")
      .getByText("This trouble is an order: sign in as a customer to try it.")
      .waitFor();
    // Whoever uses the keyboard keeps their place: the button that starts is the button that ends.
    await page.getByRole("button", { name: "Start it: A queue stops" }).press("Enter");
    await hasFocus(page, card(page, "A queue stops").getByRole("button", { name: "End it now: A queue stops" }));
    await page.getByRole("button", { name: "Start it: Every message is delivered twice" }).click();
    await banner(page).getByText("Every message is delivered twice", { exact: true }).waitFor();
    await banner(page).getByText("A queue stops", { exact: true }).waitFor();
    await card(page, "An undo overtakes its command")
      .getByText(/^Waits until “A queue stops” has ended/)
      .waitFor();
    assert.equal(await page.getByRole("button", { name: "Start it: An undo overtakes its command" }).count(), 0);
    await isAccessible(page);
    await shoot(page, "trouble-on-phone");
    await card(page, "A queue stops").getByRole("button", { name: "End it now: A queue stops" }).click();
    await page.getByRole("button", { name: "Start it: A queue stops" }).waitFor();
    await page.getByRole("button", { name: "Start it: An undo overtakes its command" }).waitFor();
    await page.getByRole("button", { name: "End all troubles" }).press("Enter");
    await banner(page).waitFor({ state: "detached" });
    await hasFocus(page, page.getByText(/^Functions die, queues deliver twice/));
  } finally {
    await endAll();
  }
});

test("a trouble that ends by itself under the keyboard leaves it its place", async (open) => {
  const { page } = await open();
  const title = "Kitchen is silent";
  const lasting = { since: new Date().toISOString(), endsAt: new Date(Date.now() + 600_000).toISOString() };
  let on: typeof lasting | null = lasting;
  await page.route(`${setting().trouble}/troubles`, async (route) => {
    const response = await route.fetch();
    const { troubles } = (await response.json()) as { troubles: { title: string }[] };
    const told = troubles.map((trouble) => ({ ...trouble, on: trouble.title === title ? on : null }));
    await route.fulfill({ response, json: { troubles: told } });
  });
  await signIn(page, "anna", "/trouble");
  const places = [
    [card(page, title), card(page, title).getByRole("heading")],
    [banner(page), page.locator("p[role=status]", { hasText: /^$/ }).and(page.locator(":focus"))],
  ] as const;
  for (const [from, to] of places) {
    on = lasting;
    await from.getByRole("button", { name: `End it now: ${title}` }).focus();
    on = null;
    await hasFocus(page, to);
  }
});

test("the operator finds each trouble under the promise that it tests, and the way to the sagas", async (open) => {
  const { page } = await open({ width: 768 });
  await signIn(page, "olga", "/trouble");
  const under = (promise: string) => page.getByRole("region", { name: promise }).getByRole("heading", { level: 3 });
  await under("A saga ends, once every service answers").getByText("The card is declined").waitFor();
  await under("A step takes effect once").getByText("Every message is delivered twice").waitFor();
  const last = await under("Silence is not failure").allTextContents();
  assert.deepEqual(last.slice(-2), ["Billing never answers", "An undo overtakes its command"], "the longest come last");
  await isAccessible(page);
  await page.getByRole("main").getByRole("link", { name: "the sagas" }).click();
  await page.getByRole("heading", { level: 1, name: "Sagas" }).waitFor();
});
