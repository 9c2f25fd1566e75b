import assert from "node:assert/strict";
import type { Page, Response } from "playwright-core";
import { setting } from "./setting.ts";
import { isSignedIn, signIn, test } from "./stage.ts";
import { Witness } from "./witness.ts";

test("a session outlives a reload and is every tab's, and nobody else's", async (open) => {
  const { page, context } = await open();
  await signIn(page, "anna", "/orders");
  assert.equal(new URL(page.url()).pathname, "/orders");
  await page.reload();
  await isSignedIn(page, "anna");
  assert.equal(new URL(page.url()).pathname, "/orders");
  const tab = await context.newPage();
  await tab.goto(`${setting().console}/menu`);
  await isSignedIn(tab, "anna");
  assert.equal(new URL(tab.url()).pathname, "/menu");
  const other = await open();
  await other.page.goto(setting().console);
  await other.page.getByRole("button", { name: "Sign in" }).waitFor();
});

test("a token that has run out is renewed unseen", async (open) => {
  const { page, context } = await open();
  await page.clock.install();
  const witness = new Witness(context);
  await signIn(page, "anna", "/menu");
  const before = await tokenOfCall(page, "My orders");
  // Later than the end of every access token, and earlier than that of an ID token.
  await page.clock.fastForward("02:00:00");
  await tokenOfCall(page, "Menu", before);
  assert.ok((await witness.grants()).includes("refresh_token"), "nothing was renewed with a refresh token");
  await isSignedIn(page, "anna");
});

test("whoever signs out is signed out in every tab, and the next person chooses anew", async (open) => {
  const { page, context } = await open();
  await signIn(page, "anna");
  const tab = await context.newPage();
  await tab.goto(setting().console);
  await isSignedIn(tab, "anna");
  for (const each of [page, tab]) {
    await each.getByRole("button", { name: /^Add / }).and(each.locator(":enabled")).first().click();
    assert.ok((await keptIn(each)).length > 0, "nothing of hers was kept");
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  for (const each of [page, tab]) {
    await each.getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(new URL(each.url()).origin, setting().console);
    assert.deepEqual(await keptIn(each), [], "something of hers is kept");
  }
  await tab.reload();
  await tab.getByRole("button", { name: "Sign in" }).waitFor();
  await signIn(page, "berta");
  await isSignedIn(page, "berta");
});

test("the way back after a sign-out shows nothing of whoever was there", async (open, t) => {
  const { page } = await open();
  // What somebody would see before anything of the page runs again.
  await page.addInitScript(() => {
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) {
        sessionStorage.setItem("is seen on the way back", String(document.body.checkVisibility()));
      }
    });
  });
  await signIn(page, "anna", "/orders");
  await page.getByRole("heading", { level: 1, name: "My orders" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.evaluate(() => window.history.back());
  await page.waitForURL("**/orders");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const isSeen = await page.evaluate(() => sessionStorage.getItem("is seen on the way back"));
  if (isSeen === null) {
    t.diagnostic("the browser has not kept the page: it was short of memory");
  }
  assert.notEqual(isSeen, "true");
});

test("an old page never acts for whoever signs in beside it", async (open) => {
  const { page, context, allow } = await open();
  await page.clock.install();
  // Nobody tells the old page that she has signed out.
  await page.addInitScript(() => {
    BroadcastChannel.prototype.addEventListener = () => undefined;
  });
  await signIn(page, "anna", "/menu");
  const tab = await context.newPage();
  await tab.goto(setting().console);
  await tab.getByRole("button", { name: "Sign out" }).click();
  await tab.getByRole("button", { name: "Sign in" }).waitFor();
  await signIn(tab, "berta");
  allow(/oauth\/token|Failed to load resource/);
  await page.clock.fastForward("02:00:00");
  await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "My orders" }).click();
  await page.getByRole("button", { name: "Sign in again" }).first().waitFor();
  await isSignedIn(page, "anna");
});

test("no token lies where anybody else could read it", async (open) => {
  const { page, context } = await open();
  const witness = new Witness(context);
  await signIn(page, "anna", "/orders");
  await witness.looks(context);
  await page.reload();
  await isSignedIn(page, "anna");
  const tab = await context.newPage();
  await tab.goto(`${setting().console}/menu`);
  await isSignedIn(tab, "anna");
  await witness.looks(context);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await signIn(page, "carlo");
  await witness.looks(context);
  // Three sign-ins of a page, each with an access token, an ID token and a refresh token, and one more by the reload.
  assert.ok((await witness.tokens()).length >= 12, "the tokens were not seen");
});

async function keptIn(page: Page): Promise<string[]> {
  const places = await page.evaluate(() => [localStorage, sessionStorage].flatMap((kept) => Object.keys(kept)));
  return places.filter((place) => place.startsWith("of "));
}

/** Goes to this place, and returns the token of a call that the page there makes: another token than `old`. */
async function tokenOfCall(page: Page, place: string, old = ""): Promise<string> {
  const isCall = (response: Response) => response.url().startsWith(setting().api) && response.status() === 200;
  const answering = page.waitForResponse(async (response) => isCall(response) && (await sent(response)) !== old);
  await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: place }).click();
  return sent(await answering);
}

async function sent(response: Response): Promise<string> {
  const token = await response.request().headerValue("authorization");
  assert.match(token ?? "", /^Bearer ./);
  return token ?? "";
}
