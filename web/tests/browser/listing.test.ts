import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { setting } from "./setting.ts";
import { shoot, signIn, test } from "./stage.ts";

const rowsOf = (page: Page, heading: string) =>
  page
    .getByRole("region", { name: heading })
    .getByRole("row")
    .filter({ has: page.getByRole("link") });

test("what went wrong with more of a list is not told of another list", async (open) => {
  const { page, allow } = await open();
  allow(/ERR_FAILED/);
  await page.route("**/ListSagas?*", (route) => {
    const saga = { sagaId: "0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11", saga: "create-order", startedAt: new Date() };
    return decodeURIComponent(route.request().url()).includes('"pageToken"')
      ? route.abort()
      : route.fulfill({
          json: { sagas: [saga], nextPageToken: "more" },
          headers: { "access-control-allow-origin": "*" },
        });
  });
  await signIn(page, "olga", "/sagas");
  await page.getByRole("region", { name: "All others" }).getByRole("button", { name: "Show more" }).click();
  const told = page.getByText("No more sagas can be listed now");
  await told.waitFor({ timeout: 60_000 });
  await page.getByRole("combobox", { name: "Started in" }).selectOption("1h");
  await told.waitFor({ state: "detached" });
});

test("stuck sagas stand above the rest, and a list that is cut off is read on", async (open) => {
  const { page } = await open();
  // No saga gets stuck within minutes: the answers are made up here, by the contract.
  const stuck = [saga("a", "SAGA_STATE_STUCK")];
  await page.route(/ListSagas/, async (route) => {
    const { searchParams } = new URL(route.request().url());
    const asked = JSON.parse(searchParams.get("message") ?? "{}") as { states?: string[]; pageToken?: string };
    const isStuck = asked.states?.join() === "SAGA_STATE_STUCK";
    const page = isStuck ? { sagas: stuck } : PAGES[asked.pageToken ?? ""];
    await route.fulfill({ json: page, headers: { "access-control-allow-origin": setting().console } });
  });
  await signIn(page, "olga");
  await rowsOf(page, "Stuck").getByText("Approve order waiting, sent 6×").waitFor();
  await rowsOf(page, "Stuck").getByRole("img", { name: "3 of 4 steps done, 1 stuck" }).waitFor();
  await page.getByText("Older sagas have not been looked at yet.").waitFor();
  await shoot(page, "operator-stuck");
  await page.getByRole("button", { name: "Look further" }).click();
  await rowsOf(page, "All others").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.getByRole("link", { name: "Stuck 1000+" }).waitFor();
  await page.mouse.move(0, 0);
  stuck.pop();
  // The list below stays in its place.
  await page.getByRole("region", { name: "Stuck" }).getByText("No saga is stuck any more.").waitFor();
});

test("a list that cannot be read on says so, keeps what it shows, and starts again", async (open) => {
  const { page, allow } = await open();
  allow(/400/);
  const wrong = Buffer.concat([Buffer.from([10, 12, 10, 10]), Buffer.from("page_token")]).toString("base64");
  const refusal = {
    code: "invalid_argument",
    message: "page_token",
    details: [{ type: "google.rpc.BadRequest", value: wrong.replaceAll("=", "") }],
  };
  const headers = { "access-control-allow-origin": setting().console };
  await page.route(/ListSagas/, async (route) => {
    const isMore = decodeURIComponent(route.request().url()).includes('"pageToken"');
    const listed = { sagas: [saga("c", "SAGA_STATE_RUNNING")], nextPageToken: "too old" };
    await route.fulfill(isMore ? { status: 400, json: refusal, headers } : { json: listed, headers });
  });
  await signIn(page, "olga", "/sagas?state=running");
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await page.getByText("The list cannot be read on from here").waitFor();
  assert.equal(await rowsOf(page, "Running").count(), 1);
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.getByRole("button", { name: "Start again" }).press("Enter");
  await page.getByRole("button", { name: "Show more" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Running");
});

test("a list stands still under a mouse, also on its way to what is below, and goes on once the mouse rests", async (open) => {
  const { page } = await open();
  const sagas = [saga("a", "SAGA_STATE_RUNNING")];
  const headers = { "access-control-allow-origin": setting().console };
  await page.route(/ListSagas/, (route) => route.fulfill({ json: { sagas, nextPageToken: "more" }, headers }));
  await signIn(page, "olga", "/sagas?state=running");
  await rowsOf(page, "Running").hover();
  sagas.unshift(saga("b", "SAGA_STATE_RUNNING"));
  const held = page.getByText("held still under the pointer: 1 new");
  await held.waitFor();
  await page.getByRole("button", { name: "Show more" }).hover();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.ok(await held.isVisible(), "nothing moves before the button is reached");
  await rowsOf(page, "Running").nth(1).waitFor();
  await held.waitFor({ state: "detached" });
});

/** Four pages without a saga, and a fifth with a saga. */
const PAGES: Record<string, object> = {
  "": { nextPageToken: "b", counts: [{ state: "SAGA_STATE_STUCK", sagas: 1000, atLeast: true }] },
  b: { nextPageToken: "c" },
  c: { nextPageToken: "d" },
  d: { nextPageToken: "e" },
  e: { sagas: [saga("b", "SAGA_STATE_RUNNING")] },
};

function saga(digit: string, state: string): object {
  const latest = { name: "approve-order", service: "order", state: "COMMAND_STATE_SENT", repeats: 5 };
  const sagaId = `${digit.repeat(8)}-0000-4000-8000-000000000000`;
  return {
    sagaId,
    name: "create-order",
    version: 1,
    state,
    subject: sagaId,
    startedAt: new Date().toISOString(),
    latest,
  };
}
