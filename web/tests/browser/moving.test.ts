import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { hasFocus } from "./shop.ts";
import { shoot, test } from "./stage.ts";
import { watch, type Act } from "./told.ts";

const CREATED: Act = { name: "create-ticket", service: "kitchen", state: "SUCCEEDED", at: 0, end: 7, repeats: 0 };
const AWAITED: Act = { name: "create-ticket", service: "kitchen", state: "SENT", at: 0 };
const REFUSED: Act = { name: "authorize-card", service: "billing", state: "REFUSED", at: 7, end: 8 };

const list = (page: Page, name: string) => page.getByRole("list", { name, exact: true });
/** How far below the saga's heading its parts stand. */
async function places(page: Page): Promise<number[]> {
  const parts = [list(page, "Steps"), page.getByRole("heading", { name: "Timeline" }), list(page, "Timeline")];
  const tops = await Promise.all([page.getByRole("heading", { name: "Create order" }), ...parts].map(topOf));
  return tops.slice(1).map((top) => top - (tops[0] ?? 0));
}

async function topOf(part: Locator): Promise<number> {
  return part.evaluate((element) => Math.round(element.getBoundingClientRect().top));
}

for (const width of [390, 1280]) {
  test(`a saga's parts keep their places while it runs, goes back and ends, at ${width} px`, async (open) => {
    const { page } = await open({ width });
    const tell = await watch(page, [AWAITED]);
    await page.getByText("Waits for kitchen’s reply to “Create ticket”").waitFor();
    const rows = list(page, "Timeline").getByRole("listitem");
    await rows.nth(3).waitFor();
    const before = await places(page);
    assert.equal(await rows.count(), 4, "a row for each step from the start");
    tell([CREATED, REFUSED, { name: "reject-ticket", service: "kitchen", state: "SENT", at: 8 }]);
    await page.getByText("Billing refused “Authorize card”").waitFor();
    assert.deepEqual(await places(page), before);
    await rows.nth(5).waitFor();
    assert.equal(await page.getByRole("button", { name: "Play again" }).count(), 0, "it is not over");
    const undone = [
      { name: "reject-ticket", service: "kitchen", state: "SUCCEEDED", at: 8, end: 8.5 },
      { name: "reject-order", service: "order", state: "SUCCEEDED", at: 8.5, end: 9 },
    ] as const;
    tell([CREATED, REFUSED, ...undone], "COMPENSATED");
    await page.getByText("The saga has left nothing behind.").waitFor();
    await page.getByRole("button", { name: "Play again" }).waitFor();
    assert.deepEqual(await places(page), before);
    await shoot(page, `moving-${width}`);
  });
}

test("what stands on the timeline moves as one when its axis changes", async (open) => {
  const { page } = await open();
  const tell = await watch(page, [AWAITED]);
  await page.getByText(/sent once, sent again/).waitFor();
  const observed = page.evaluate(observe);
  // Once that is under way, as the page answers in turn.
  await page.evaluate(() => undefined);
  tell([{ ...AWAITED, repeats: 1 }], "RUNNING");
  const { didMove, apart } = await observed;
  assert.ok(didMove, "the axis jumped");
  assert.ok(apart <= 1, `the second sending and its bar stood ${apart} px apart`);
});

/** In the page: whether the axis moves until it rests after the second sending, and how far apart that sending's signs get. */
function observe(): Promise<{ didMove: boolean; apart: number }> {
  let [apart, didMove] = [0, false];
  return new Promise((done) => {
    const look = () => {
      const axis = document.querySelector('ol[aria-label="Timeline"]')?.parentElement;
      const moves = axis?.getAnimations().some((move) => (move as CSSTransition).transitionProperty === "--length");
      const signs = [...(axis?.querySelectorAll<HTMLElement>("ol > :first-child [style]") ?? [])];
      const bar = signs.findLast(({ style }) => style.getPropertyValue("--from") !== "");
      const latest = bar?.style.getPropertyValue("--from") ?? "0";
      if (bar && latest !== "0") {
        const begun = signs.filter(({ style }) => style.getPropertyValue("--at") === latest);
        const lefts = [...begun, bar].map((sign) => sign.getBoundingClientRect().left);
        apart = Math.max(apart, Math.max(...lefts) - Math.min(...lefts));
        didMove ||= moves === true;
      }
      if (bar && latest !== "0" && !moves) {
        done({ didMove, apart });
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

test("a command that is touched lights up in the diagram, in the timeline and among the messages", async (open) => {
  const { page } = await open();
  await watch(page, [CREATED, { ...AWAITED, name: "authorize-card", service: "billing", at: 7 }]);
  const parts = ["Steps", "Timeline", "Messages"].map((name) =>
    list(page, name).getByRole("listitem").filter({ hasText: "Create ticket" }),
  );
  await Promise.all(parts.map((part) => part.waitFor()));
  const dark = await page.evaluate(looks);
  const areLit = async (isLit: boolean) => {
    for (let frame = 0; frame < 200; frame += 1) {
      const lit = (await page.evaluate(looks)).map((look, at) => look !== dark[at]);
      if (lit.every((one) => one === isLit)) {
        return;
      }
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    assert.fail(`not all of ${parts.join(", ")} are ${isLit ? "lit" : "dark"}`);
  };
  for (const part of parts) {
    await part.hover();
    await areLit(true);
    await page.mouse.move(0, 0);
    await areLit(false);
  }
  await parts[0]?.getByRole("link").focus();
  await areLit(true);
});

test("the address of a step leads to its message, also after a reload", async (open) => {
  const { page } = await open({ height: 500 });
  await watch(page, [CREATED, REFUSED]);
  const [card, entry] = ["Steps", "Messages"].map((name) =>
    list(page, name).getByRole("listitem").filter({ hasText: "Authorize card" }),
  ) as [Locator, Locator];
  const pages = await page.evaluate(() => history.length);
  await card.getByRole("link").press("Enter");
  const address = page.url();
  await hasFocus(page, entry);
  assert.equal(await page.evaluate(() => history.length), pages, "a look at an entry is no page to come back to");
  await page.goto("about:blank");
  await page.goto(address);
  await hasFocus(page, entry);
  assert.equal(page.url(), address);
});

/** In the page: how each part of the command looks, by what does not change for another reason. */
function looks(): string[] {
  return ["Steps", "Timeline", "Messages"].map((name) => {
    const items = [...document.querySelectorAll(`ol[aria-label="${name}"] > li`)];
    const item = items.find(({ textContent }) => textContent.includes("Create ticket"));
    const { backgroundColor, outlineStyle } = getComputedStyle(item ?? document.body);
    return name === "Steps" ? outlineStyle : backgroundColor;
  });
}
