import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import type { AxeResults } from "axe-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Lets axe look at the page as it is: nothing that it finds may be serious or critical. */
export async function isAccessible(page: Page): Promise<void> {
  // A script element would be refused by the page's Content-Security-Policy; what the browser's tools evaluate is not.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
  assert.deepEqual(told, [], page.url());
}

interface Axe {
  axe: { run(): Promise<AxeResults> };
}
