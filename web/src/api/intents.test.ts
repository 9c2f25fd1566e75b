import { expect, test } from "vitest";
import { Intents } from "./intents.ts";
import { storage } from "./storage.fake.ts";

test("an intent keeps its key over a reload until it is done", () => {
  const tab = storage();
  const first = new Intents("anna", tab).of("order");
  expect(new Intents("anna", tab).of("order").key).toBe(first.key);
  new Intents("anna", tab).done("order");
  expect(new Intents("anna", tab).of("order").key).not.toBe(first.key);
});

test("what is wanted, and by whom, is kept apart", () => {
  const tab = storage();
  const keys = [
    new Intents("anna", tab).of("order").key,
    new Intents("berta", tab).of("order").key,
    new Intents("anna", tab).of("cancel 1").key,
  ];
  expect(new Set(keys).size).toBe(3);
});
