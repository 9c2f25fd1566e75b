import { expect, test } from "vitest";
import { NotLoaded, onDemand } from "./onDemand.ts";

const PAGE = { default: () => null };

/** A page whose code comes at the tries that say so; counts the tries. */
function page(...comes: boolean[]) {
  let tries = 0;
  const { load } = onDemand<unknown>(() => {
    tries += 1;
    return comes[tries - 1] ? Promise.resolve(PAGE) : Promise.reject(new TypeError("Failed to fetch"));
  });
  return { load, tries: () => tries };
}

test("the code of a page is loaded once, however often it is wanted", async () => {
  const { load, tries } = page(true);
  expect(await Promise.all([load(), load()])).toEqual([PAGE, PAGE]);
  expect(await load()).toBe(PAGE);
  expect(tries()).toBe(1);
});

test("code that did not come ahead of time is asked for once more by whoever opens the page", async () => {
  const { load, tries } = page(false, true);
  await expect(load()).rejects.toThrow(NotLoaded);
  expect(await load()).toBe(PAGE);
  expect(tries()).toBe(2);
});

test("code that does not come at all failed when it failed first, before anybody opened the page", async () => {
  const { load, tries } = page(false, false);
  const [first, second] = [await load().catch(failureOf), await load().catch(failureOf)];
  expect(first).toBeInstanceOf(NotLoaded);
  expect((second as NotLoaded).at).toBe((first as NotLoaded).at);
  expect(tries()).toBe(2);
});

const failureOf = (error: unknown) => error;
