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

const HOUR_MS = 3_600_000;

test("an intent that nobody has pressed for an hour is not sent again", () => {
  const tab = storage();
  const intents = new Intents("anna", tab);
  const first = intents.of("order", 0);
  expect(intents.of("order", HOUR_MS - 1).key, "within the hour").toBe(first.key);
  expect(intents.of("order", 2 * HOUR_MS - 2).key, "within the hour of the latest press").toBe(first.key);
  const later = intents.of("order", 3 * HOUR_MS - 2);
  expect(later.key).not.toBe(first.key);
  expect(intents.done("order", first), "an answer after the hour").toBe(false);
  expect(intents.of("order", HOUR_MS).key, "the clock was put back").not.toBe(later.key);
});

test("what is wanted no more goes with the next press of anything else, and nothing of anybody else's", () => {
  const tab = storage();
  const intents = new Intents("anna", tab);
  tab.setItem("of anna: intent cancel 0", "a-key-without-a-time");
  tab.setItem("of anna: basket", "{}");
  new Intents("berta", tab).of("cancel 1", 0);
  intents.of("cancel 1", 0);
  intents.of("cancel 2", HOUR_MS / 2);
  intents.of("order", HOUR_MS);
  const places = Array.from({ length: tab.length }, (_, at) => tab.key(at));
  expect(places.toSorted()).toEqual([
    "of anna: basket",
    "of anna: intent cancel 2",
    "of anna: intent order",
    "of berta: intent cancel 1",
  ]);
});
