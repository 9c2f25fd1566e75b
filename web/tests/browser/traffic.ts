import type { Page, Request } from "playwright-core";
import { setting } from "./setting.ts";

/**
 * What a page asks of the API and of the local AWS. Time passes for the page only when it is told to, so that a
 * minute of it takes no minute: `page.clock` must be installed before the page is opened.
 */
export class Traffic {
  readonly #page: Page;
  readonly #asked: { what: string; at: number }[] = [];
  readonly #underWay = new Set<Request>();
  #now = 0;

  private constructor(page: Page) {
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

  /** Stops the page's clock, and looks at what it asks from now on. */
  static async of(page: Page): Promise<Traffic> {
    const now = await page.evaluate(() => Date.now());
    await page.clock.pauseAt(now + 1_000);
    return new Traffic(page);
  }

  /** How many requests there were. */
  get count(): number {
    return this.#asked.length;
  }

  /** Lets this time pass for the page, and waits until it has the answers to what it asked. */
  async step(milliseconds: number): Promise<void> {
    await this.#page.clock.runFor(milliseconds);
    this.#now += milliseconds;
    while (this.#underWay.size > 0) {
      await Promise.all([...this.#underWay].map(ended));
    }
  }

  /** What was asked for again before this time had passed. */
  soonerThan(milliseconds: number): string[] {
    const isTooSoon = ({ what, at }: { what: string; at: number }, index: number) =>
      this.#asked.slice(0, index).some((before) => before.what === what && at - before.at < milliseconds);
    return this.#asked.filter(isTooSoon).map(({ what }) => what);
  }
}

async function ended(request: Request): Promise<void> {
  const response = await request.response().catch(() => null);
  await response?.finished();
}
