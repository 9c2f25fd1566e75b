import assert from "node:assert/strict";
import type { Page, Response } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { PEOPLE, shoot, signIn, test, type PersonName } from "./stage.ts";
import { Witness } from "./witness.ts";

const PLACES: Record<PersonName, string[]> = {
  anna: ["Menu", "My orders"],
  berta: ["Menu", "My orders"],
  carlo: ["Kitchen"],
  olga: ["Sagas"],
};

test("everybody signs in and finds the places that they have a use for", async (open) => {
  for (const person of Object.keys(PEOPLE) as PersonName[]) {
    const { page } = await open();
    await signIn(page, person);
    await isSignedIn(page, person);
    const links = await page.getByRole("navigation", { name: "Places" }).getByRole("link").allTextContents();
    const forAnybody = ["Trouble"];
    assert.deepEqual(
      links.filter((name) => !forAnybody.includes(name)),
      PLACES[person],
    );
  }
});

test("the page of the people works by keyboard, in both themes", async (open) => {
  for (const scheme of ["light", "dark"] as const) {
    const { page } = await open({ scheme, width: 360 });
    await page.goto(setting().console);
    await isAccessible(page);
    await page.getByRole("button", { name: "Sign in" }).press("Enter");
    await page.getByText("DEVELOPMENT ONLY").waitFor();
    await isAccessible(page);
    await shoot(page, `choose-${scheme}`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await isSignedIn(page, "berta");
  }
});

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

test("a sign-in that the issuer refuses is told, and the next one leads to where it began", async (open) => {
  const { page } = await open();
  const authorize = `${setting().issuer}authorize?*`;
  await page.route(authorize, (route) => {
    const state = new URL(route.request().url()).searchParams.get("state") ?? "";
    const answer = new URLSearchParams({ error: "access_denied", error_description: "<b>No</b>", state });
    return route.fulfill({ status: 302, headers: { location: `${setting().console}/?${answer}` } });
  });
  await page.goto(`${setting().console}/orders`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("access_denied").waitFor();
  await isAccessible(page);
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/orders");
  await page.unroute(authorize);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: PEOPLE.anna }).click();
  await isSignedIn(page, "anna");
  assert.equal(new URL(page.url()).pathname, "/orders");
  // What no sign-in of this browser has begun tells nothing.
  const other = await open();
  await other.page.goto(`${setting().console}/?error=access_denied&state=made-up`);
  await other.page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await other.page.getByRole("alert").count(), 0);
});

test("an app that does not load says so, and a press loads it again", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED|Failed to fetch dynamically imported module/);
  await signIn(page, "anna");
  const app = "**/assets/App-*.js";
  await page.route(app, (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").getByText("This page cannot be shown").waitFor();
  await page.unroute(app);
  await page.getByRole("button", { name: "Reload" }).click();
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

async function isSignedIn(page: Page, person: PersonName): Promise<void> {
  const [name = ""] = PEOPLE[person].split(",");
  await page.getByRole("banner").getByText(name, { exact: true }).waitFor();
}

/** The places in the tab's storage where something of a person's is kept. */
async function keptIn(page: Page): Promise<string[]> {
  const places = await page.evaluate(() => Object.keys(sessionStorage));
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
