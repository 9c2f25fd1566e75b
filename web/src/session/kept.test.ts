import { expect, test } from "vitest";
import { Intents } from "../api/intents.ts";
import { storage } from "../api/storage.fake.ts";
import { KeptBasket } from "../pages/menu/kept.ts";
import { forget } from "./kept.ts";

test("nothing of a person's is kept once they are forgotten, and all of the others'", () => {
  const tab = storage();
  for (const person of ["anna", "annabel"]) {
    new KeptBasket(person, tab).change((basket) => basket);
    new Intents(person, tab).of("order");
    new Intents(person, tab).of("cancel 1");
  }
  tab.setItem("somebody else's: anna", "");
  forget("anna", tab);
  const places = Array.from({ length: tab.length }, (_, at) => tab.key(at));
  expect(places.toSorted()).toEqual([
    "of annabel: basket",
    "of annabel: intent cancel 1",
    "of annabel: intent order",
    "somebody else's: anna",
  ]);
});
