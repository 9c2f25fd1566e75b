import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test as register, type TestContext } from "node:test";
import assert from "node:assert/strict";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { setting } from "./setting.ts";

/** Who can be chosen on the local issuer's page. */
export const PEOPLE = {
  anna: "Anna, a customer",
  berta: "Berta, another customer",
  carlo: "Carlo, a cook",
  olga: "Olga, an operator",
} as const;

export type PersonName = keyof typeof PEOPLE;

/** How somebody looks at the console. */
export interface Look {
  width?: number;
  height?: number;
  scheme?: "light" | "dark";
  reducedMotion?: boolean;
}

/** A browser with somebody in front of it. Every complaint of the browser fails the test, unless it was allowed before. */
export interface Stage {
  page: Page;
  context: BrowserContext;
  /** Allows the browser to complain in words that match, such as about a request that must fail. */
  allow: (complaint: RegExp) => void;
}

const WAIT_MS = 30_000;

/** A browser test: `test("anna orders", async (stage) => …)`. Each has a browser context of its own. */
export function test(
  name: string,
  play: (open: (look?: Look) => Promise<Stage>, t: TestContext) => Promise<void>,
): void {
  void register(name, { timeout: 240_000 }, async (t) => {
    const browser = await launch();
    const stages: { context: BrowserContext; complaints: string[]; allowed: RegExp[] }[] = [];
    const open = async (look: Look = {}) => {
      const context = await browser.newContext(contextOf(look));
      context.setDefaultTimeout(WAIT_MS);
      await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: setting().console });
      const complaints: string[] = [];
      const allowed: RegExp[] = [];
      // Every tab, whoever opens it.
      context.on("page", (page) => listen(page, complaints));
      const page = await context.newPage();
      stages.push({ context, complaints, allowed });
      return { page, context, allow: (complaint: RegExp) => void allowed.push(complaint) };
    };
    try {
      await play(open, t);
      for (const { complaints, allowed } of stages) {
        const unexpected = complaints.filter((complaint) => !allowed.some((words) => words.test(complaint)));
        assert.deepEqual(unexpected, [], "the browser complained");
      }
    } catch (error) {
      await Promise.all(stages.map(({ context }, at) => shootAll(context, `failed-${name}-${at}`)));
      throw error;
    } finally {
      await browser.close();
    }
  });
}

/** Opens the console and signs in as this person; ends on the page that the person begins with, or on `path`. */
export async function signIn(page: Page, person: PersonName, path = "/"): Promise<void> {
  await page.goto(`${setting().console}${path}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: PEOPLE[person] }).click();
  await page.getByRole("navigation", { name: "Places" }).waitFor();
}

/** The person's name stands in the page's head. */
export async function isSignedIn(page: Page, person: PersonName): Promise<void> {
  const [name = ""] = PEOPLE[person].split(",");
  await page.getByRole("banner").getByText(name, { exact: true }).waitFor();
}

/** Keeps a picture of the page among the build's output. */
export async function shoot(page: Page, name: string): Promise<void> {
  const { screenshots } = setting();
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name.replaceAll(/[^a-z0-9-]+/gi, "-")}.png`), fullPage: true });
}

async function shootAll(context: BrowserContext, name: string): Promise<void> {
  await Promise.all(context.pages().map((page, at) => shoot(page, `${name}-${at}`).catch(() => undefined)));
}

function launch(): Promise<Browser> {
  const found = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error("there is no chromium: sudo apt-get install chromium");
  }
  // Chromium cannot build its sandbox for root, as whom containers run tests.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  // Playwright would switch off what keeps a page for the way back, which people's browsers have.
  return chromium.launch({ executablePath: found, args, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
}

function contextOf({ width = 1280, height = 800, scheme = "light", reducedMotion = false }: Look) {
  const motion = reducedMotion ? ("reduce" as const) : ("no-preference" as const);
  return { viewport: { width, height }, colorScheme: scheme, reducedMotion: motion };
}

function listen(page: Page, complaints: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => void complaints.push(`error: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) {
      complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    }
  });
}
