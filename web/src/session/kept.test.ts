import { expect, test } from "vitest";
import { Intents } from "../api/intents.ts";
import { storage } from "../api/storage.fake.ts";
import { KeptBasket } from "../pages/menu/keptBasket.ts";
import { forget } from "./kept.ts";

test("nothing of a person's is kept once they are forgotten, and all of the others'", () => {
  const [shared, own] = [storage(), storage()];
  for (const person of ["anna", "annabel"]) {
    new KeptBasket(person, shared, new EventTarget()).change((basket) => ({ ...basket, card: "late" }));
    new Intents(person, shared).of("order");
    new Intents(person, own).of("stock pizza");
    new Intents(person, own).of("stock salad");
  }
  own.setItem("somebody else's: anna", "");
  forget("anna", shared, own);
  const places = [shared, own].flatMap((each) => Array.from({ length: each.length }, (_, at) => each.key(at)));
  expect(places.toSorted()).toEqual([
    "of annabel: basket",
    "of annabel: intent order",
    "of annabel: intent stock pizza",
    "of annabel: intent stock salad",
    "somebody else's: anna",
  ]);
});
