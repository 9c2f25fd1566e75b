import assert from "node:assert/strict";
import { isAccessible } from "./accessible.ts";
import { setting } from "./setting.ts";
import { isSignedIn, PEOPLE, shoot, signIn, test, type PersonName } from "./stage.ts";

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

test("a link to somebody else's place says whose it is, and leads to the sign-in", async (open) => {
  const { page } = await open();
  await signIn(page, "anna", "/kitchen");
  await page.getByText("This page is for cooks").waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: "Sign in as somebody else" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await signIn(page, "carlo", "/kitchen");
  await page.getByRole("heading", { level: 1, name: "Kitchen" }).waitFor();
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

test("an issuer that goes away while somebody signs in is told, and the next sign-in leads to where it began", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED/);
  const exchange = `${setting().issuer}oauth/token`;
  await page.route(exchange, (route) => route.abort());
  await page.goto(`${setting().console}/orders`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: PEOPLE.anna }).click();
  await page.getByRole("alert").getByText("does not answer").waitFor();
  await isAccessible(page);
  await page.unroute(exchange);
  await page.getByRole("button", { name: "Sign in" }).click();
  await isSignedIn(page, "anna");
  assert.equal(new URL(page.url()).pathname, "/orders");
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

test("an issuer that is away signs nobody out, and a press asks it again", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED|Failed to load resource/);
  await signIn(page, "anna", "/orders");
  const calls = `${setting().issuer}**`;
  await page.route(calls, (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").getByText("We could not ask who you are").waitFor();
  await isAccessible(page);
  await shoot(page, "issuer-away");
  await page.unroute(calls);
  await page.getByRole("button", { name: "Try again" }).click();
  await isSignedIn(page, "anna");
  assert.equal(new URL(page.url()).pathname, "/orders");
  // Whoever was never signed in is not kept waiting, and told nothing of it.
  const other = await open();
  await other.page.route(calls, (route) => route.abort());
  await other.page.goto(setting().console);
  await other.page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await other.page.getByRole("alert").count(), 0);
});
