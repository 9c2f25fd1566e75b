import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { shoot, signIn, test } from "./stage.ts";

/** The saga asks again after ten seconds, and after twenty more; a busy machine may take longer. */
const REPEATS_MS = 60_000;

const card = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
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

test("a cook switches troubles on and off, sees which are on, and is told who orders", async (open) => {
  try {
    const stage = await open({ width: 390, height: 844, scheme: "dark" });
    // The refusal of a trouble that is in another's way.
    const { page } = stage;
    stage.allow(/\b409\b/);
    await signIn(page, "carlo", "/trouble");
    await page.getByText("To place the orders that meet them, sign in as a customer.").waitFor();
    assert.equal(await page.getByRole("button", { name: /^Try it/ }).count(), 0);
    await page.getByRole("button", { name: "Switch on: A queue stops" }).click();
    await page.getByRole("button", { name: "Switch on: Every message is delivered twice" }).click();
    await banner(page).getByText("Every message is delivered twice", { exact: true }).waitFor();
    await banner(page).getByText("A queue stops", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Switch on: An undo overtakes its command" }).click();
    await page.getByText(/"A queue stops" is on and stops the same queue/).waitFor();
    await isAccessible(page);
    await shoot(page, "trouble-on-phone");
    await card(page, "A queue stops").getByRole("button", { name: "End it now: A queue stops" }).click();
    await page.getByRole("button", { name: "Switch on: A queue stops" }).waitFor();
    await page.getByRole("button", { name: "End all troubles" }).click();
    await banner(page).waitFor({ state: "detached" });
  } finally {
    await endAll();
  }
});
