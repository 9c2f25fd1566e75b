import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { isAccessible } from "./accessible.ts";
import { orderShown, placeOrder } from "./order.ts";
import { setting } from "./setting.ts";
import { PEOPLE, shoot, signIn, test, type PersonName } from "./stage.ts";

/** A phone, a tablet and a wide screen. */
const WIDTHS = [390, 768, 1440];
const SCHEMES = ["light", "dark"] as const;

/** A page, and what shows that it is there. */
type Stop = readonly [name: string, path: string];

async function look(page: Page, [name, path]: Stop, as: string): Promise<void> {
  await page.goto(`${setting().console}${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  await isAccessible(page);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${path} is ${beyond} px wider than the screen: ${as}`);
  await shoot(page, `${name}-${as}`);
}

for (const width of WIDTHS) {
  test(`every page fits a screen of ${width} px and can be used by everybody, in both themes`, async (open) => {
    const first = await open();
    await signIn(first.page, "anna");
    const approved = await placeOrder(first.page);
    const declined = await placeOrder(first.page, "is declined by the bank");
    const saga = await sagaOf(open, declined);
    const stops: Record<Exclude<PersonName, "berta">, Stop[]> = {
      anna: [
        ["menu", "/menu"],
        ["orders", "/orders"],
        ["order", `/orders/${approved}`],
        ["order-declined", `/orders/${declined}`],
        ["trouble", "/trouble"],
        ["nothing", "/no/such/page"],
      ],
      carlo: [["kitchen", "/kitchen"]],
      olga: [
        ["sagas", "/sagas"],
        ["saga", saga],
      ],
    };
    for (const scheme of SCHEMES) {
      for (const person of Object.keys(stops) as (keyof typeof stops)[]) {
        const { page, context } = await open({ width, height: 900, scheme });
        await signIn(page, person);
        for (const stop of stops[person]) {
          await look(page, stop, `${width}-${scheme}`);
        }
        await context.close();
      }
    }
  });
}

test("on a phone the head takes two lines: who is here, and the places", async (open) => {
  const { page } = await open({ width: 390 });
  await signIn(page, "anna");
  const lineOf = (name: string) =>
    page
      .getByRole("banner")
      .getByText(name, { exact: true })
      .evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return Math.round((top + bottom) / 2);
      });
  const [brand, person, ...places] = await Promise.all(
    ["Order Saga", "Anna", "Menu", "My orders", "Trouble"].map(lineOf),
  );
  assert.equal(person, brand);
  assert.equal(new Set(places).size, 1, "the places are not in one line");
  assert.ok((places[0] ?? 0) > (brand ?? 0), "the places are not below");
});

test("the keyboard is enough from the sign-in to an order's page", async (open) => {
  const { page } = await open();
  await page.goto(setting().console);
  await press(page, page.getByRole("button", { name: "Sign in" }), "Enter");
  await press(page, page.getByRole("button", { name: PEOPLE.anna }), "Enter");
  await page.getByRole("navigation", { name: "Places" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#page", "the first stop leads past the places");
  await press(page, page.getByRole("button", { name: /^Add / }).and(page.locator(":enabled")).first(), "Enter");
  await press(page, page.getByRole("radio", { name: "is approved", exact: true }), "Space");
  await press(page, page.getByRole("button", { name: "Place order" }), "Enter");
  await orderShown(page);
});

test("whoever wants no motion sees none", async (open) => {
  const moving = await open();
  await signIn(moving.page, "anna");
  const orderId = await placeOrder(moving.page);
  assert.ok((await longest(moving.page)) > 50, "nothing moves for anybody");
  const { page } = await open({ reducedMotion: true });
  await signIn(page, "anna");
  for (const path of ["/menu", "/orders", `/orders/${orderId}`, "/trouble"]) {
    await page.goto(`${setting().console}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.ok((await longest(page)) <= 1, `something moves on ${path}`);
  }
});

/** The address of the page of an order's saga, as the operator's list has it. */
async function sagaOf(open: () => Promise<{ page: Page }>, orderId: string): Promise<string> {
  const { page } = await open();
  await signIn(page, "olga", "/sagas");
  await page.goto(`${setting().console}/sagas?text=${orderId}`);
  const path = await page.getByRole("row").getByRole("link").first().getAttribute("href");
  assert.match(path ?? "", /^\/sagas\/[0-9a-f-]{36}$/);
  return path ?? "";
}

/** Goes to this by the tabulator alone, sees that the focus shows, and presses the key. */
async function press(page: Page, target: Locator, key: string): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < 80; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, "none", "the focus does not show");
      await page.keyboard.press(key);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${target.toString()}`);
}

/** The longest transition or animation that any element may make, in milliseconds. */
async function longest(page: Page): Promise<number> {
  return page.evaluate(() => {
    const seconds = (list: string) =>
      list.split(",").map((time) => parseFloat(time) * (time.includes("ms") ? 1 : 1_000));
    const times = [...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return [...seconds(transitionDuration), ...seconds(animationDuration)];
    });
    return Math.max(0, ...times);
  });
}
