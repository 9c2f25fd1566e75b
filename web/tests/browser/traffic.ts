import type { Page, Request } from "playwright-core";
import { setting } from "./setting.ts";

/**
 * What a page asks of the API and of the local AWS, heard from the moment that this is made. Once it is `stopped`, time
 * passes for the page only when it is told to, so that a minute of it takes no minute: `page.clock` must be installed
 * before the page is opened.
 */
export class Traffic {
  readonly #page: Page;
  readonly #asked: { what: string; at: number }[] = [];
  readonly #underWay = new Set<Request>();
  #now = 0;

  constructor(page: Page) {
    this.#page = page;
    const { api, trouble } = setting();
    page.on("request", (request) => {
      if ([api, trouble].some((origin) => request.url().startsWith(origin)) && request.method() !== "OPTIONS") {
        this.#asked.push({ what: `${request.method()} ${request.url()} ${request.postData() ?? ""}`, at: this.#now });
        this.#underWay.add(request);
      }
    });
    page.on("requestfinished", (request) => this.#underWay.delete(request));
    page.on("requestfailed", (request) => this.#underWay.delete(request));
  }

  /** Stops the page's clock once what it asked as it opened is answered; only what it asks from then on counts. */
  async stopped(): Promise<void> {
    await this.#answered();
    const now = await this.#page.evaluate(() => Date.now());
    await this.#page.clock.pauseAt(now + 1_000);
    await this.#answered();
    this.#asked.length = 0;
  }

  /** How many requests there were. */
  get count(): number {
    return this.#asked.length;
  }

  /** Lets this time pass for the page, and waits until it has the answers to what it asked. */
  async step(milliseconds: number): Promise<void> {
    await this.#page.clock.runFor(milliseconds);
    this.#now += milliseconds;
    await this.#answered();
  }

  /** What was asked for again before this time had passed. */
  soonerThan(milliseconds: number): string[] {
    const isTooSoon = ({ what, at }: { what: string; at: number }, index: number) =>
      this.#asked.slice(0, index).some((before) => before.what === what && at - before.at < milliseconds);
    return this.#asked.filter(isTooSoon).map(({ what }) => what);
  }

  async #answered(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all([...this.#underWay].map(ended));
    }
  }
}

async function ended(request: Request): Promise<void> {
  const response = await request.response().catch(() => null);
  await response?.finished();
}
