import assert from "node:assert/strict";
import type { BrowserContext, Page, Request, Response } from "playwright-core";
import { setting } from "./setting.ts";

/** Sees every token that the issuer gives to a browser, and every address that the browser asks. */
export class Witness {
  readonly #answers: Promise<{ grant: string; tokens: string[] }>[] = [];
  readonly #addresses = new Set<string>();

  constructor(context: BrowserContext) {
    context.on("request", (request) => this.#note(request));
    context.on("response", (response) => this.#hear(response));
  }

  /** Every token so far. */
  async tokens(): Promise<string[]> {
    return (await Promise.all(this.#answers)).flatMap(({ tokens }) => tokens);
  }

  /** What each token was given for: a code, or a refresh token. */
  async grants(): Promise<string[]> {
    return (await Promise.all(this.#answers)).map(({ grant }) => grant);
  }

  /** Looks for every token everywhere that others read: storage, cookies, addresses, the history, the page itself. */
  async looks(context: BrowserContext): Promise<void> {
    const tokens = await this.tokens();
    assert.ok(tokens.length > 0, "the issuer has given no token");
    const places = new Map<string, string>();
    places.set("the addresses that were asked", [...this.#addresses].join("\n"));
    places.set(
      "the cookies, localStorage and databases",
      JSON.stringify(await context.storageState({ indexedDB: true })),
    );
    for (const page of context.pages()) {
      const path = new URL(page.url()).pathname;
      const stored = await page.evaluate(() => [
        ...[localStorage, sessionStorage].map((storage) => JSON.stringify(Object.entries(storage))),
        document.cookie,
        window.name,
        JSON.stringify(window.history.state),
        document.documentElement.outerHTML,
      ]);
      places.set(`the storage and the page at ${path}`, stored.join("\n"));
      places.set(`the history of ${path}`, (await historyOf(context, page)).join("\n"));
      const caches = await page.evaluate(() => globalThis.caches.keys());
      assert.deepEqual(caches, [], "a cache of the page's own");
    }
    for (const [place, content] of places) {
      for (const token of tokens) {
        // The whole of it, and the part that makes a JWT worth something.
        const parts = [token, token.split(".")[2] ?? token].flatMap((part) => [part, encodeURIComponent(part)]);
        assert.ok(!parts.some((part) => content.includes(part)), `a token lies in ${place}`);
      }
    }
  }

  #note(request: Request): void {
    this.#addresses.add(request.url());
    this.#addresses.add(request.headers().referer ?? "");
  }

  #hear(response: Response): void {
    if (response.url() === new URL("/oauth/token", setting().issuer).href && response.request().method() === "POST") {
      const answer = tokensOf(response);
      // An answer that comes when the page is closed already is nobody's; who asks for the tokens sees the failure.
      answer.catch(() => undefined);
      this.#answers.push(answer);
    }
  }
}

async function tokensOf(response: Response): Promise<{ grant: string; tokens: string[] }> {
  const told = (await response.json()) as Record<string, unknown>;
  const grant = new URLSearchParams(response.request().postData() ?? "").get("grant_type") ?? "";
  const tokens = ["access_token", "id_token", "refresh_token"].map((name) => told[name]);
  return { grant, tokens: tokens.filter((token) => typeof token === "string") };
}

async function historyOf(context: BrowserContext, page: Page): Promise<string[]> {
  const tools = await context.newCDPSession(page);
  const { entries } = await tools.send("Page.getNavigationHistory");
  await tools.detach();
  return entries.flatMap(({ url, userTypedURL }) => [url, userTypedURL]);
}
