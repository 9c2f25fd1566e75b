import { expect, test } from "vitest";
import { Intents } from "./intents.ts";
import { storage, tabs } from "./storage.fake.ts";

test("an intent keeps its key over a reload until it is done", () => {
  const tab = storage();
  const first = new Intents("anna", tab).of("order");
  expect(new Intents("anna", tab).of("order").key).toBe(first.key);
  expect(new Intents("anna", tab).done("order", first)).toBe(true);
  expect(new Intents("anna", tab).of("order").key).not.toBe(first.key);
});

test("an intent that two tabs have is done once, and the next one is left alone", () => {
  const [one, other] = tabs(2).map(({ storage }) => new Intents("anna", storage));
  const both = one?.of("order");
  expect(other?.of("order").key).toBe(both?.key);
  expect(both && one?.done("order", both)).toBe(true);
  const next = one?.of("order");
  expect(both && other?.done("order", both)).toBe(false);
  expect(other?.of("order").key).toBe(next?.key);
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
