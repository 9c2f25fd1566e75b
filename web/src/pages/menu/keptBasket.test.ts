import { create } from "@bufbuild/protobuf";
import { ProductSchema } from "order-saga-client";
import { expect, test } from "vitest";
import { storage, tabs } from "../../api/storage.fake.ts";
import { forget, storageKeyOf } from "../../session/kept.ts";
import { add, markGone, MAX_LINES, reprice } from "./basket.ts";
import { CARDS } from "./cards.ts";
import { EMPTY, KeptBasket } from "./keptBasket.ts";

function product(productId: string) {
  return create(ProductSchema, { productId, name: productId, unitPrice: { currency: "EUR", minorUnits: 2n ** 62n } });
}

test("a basket outlives a reload as it was", () => {
  const tab = storage();
  const before = new KeptBasket("anna", tab, new EventTarget());
  before.change((basket) => add(basket, product("pizza")));
  before.change((basket) => add(basket, product("salad")));
  before.change((basket) => reprice(basket, "pizza", { currency: "EUR", minorUnits: 7n }));
  before.change((basket) => ({ ...markGone(basket, "salad"), card: "late", ordered: "order 1" }));
  const after = new KeptBasket("anna", tab, new EventTarget());
  const line = { quantity: 1, price: { currency: "EUR", minorUnits: 2n ** 62n }, newPrice: undefined, isGone: false };
  expect(after.now()).toEqual({
    lines: [
      { ...line, productId: "pizza", name: "pizza", newPrice: { currency: "EUR", minorUnits: 7n } },
      { ...line, productId: "salad", name: "salad", isGone: true },
    ],
    card: "late",
    ordered: "order 1",
  });
});

test("each person has a basket of their own", () => {
  const tab = storage();
  new KeptBasket("anna", tab, new EventTarget()).change((basket) => add(basket, product("pizza")));
  expect(new KeptBasket("berta", tab, new EventTarget()).now()).toEqual(EMPTY);
});

test("what was kept and cannot be read is an empty basket", () => {
  const price = { currency: "EUR", minorUnits: "1.5" };
  const texts = ["", "{", "null", "{}", JSON.stringify({ lines: [{ productId: "pizza", price }] })];
  for (const text of texts) {
    const tab = storage();
    tab.setItem(storageKeyOf("anna", "basket"), text);
    expect(new KeptBasket("anna", tab, new EventTarget()).now()).toEqual(EMPTY);
  }
});

test("what was kept beyond the limit is left out, and an unknown card is the usual card", () => {
  const tab = storage();
  const line = { name: "Pizza", quantity: 1, price: { currency: "EUR", minorUnits: "1" } };
  const lines = Array.from({ length: MAX_LINES + 1 }, (_, at) => ({ ...line, productId: String(at) }));
  tab.setItem(storageKeyOf("anna", "basket"), JSON.stringify({ lines, card: "tok_visa" }));
  const { lines: kept, card } = new KeptBasket("anna", tab, new EventTarget()).now();
  expect(kept).toHaveLength(MAX_LINES);
  expect(card).toBe(CARDS[0]?.id);
});

test("what shows the basket is told of each change until it wants no more", () => {
  const kept = new KeptBasket("anna", storage(), new EventTarget());
  let told = 0;
  const stop = kept.subscribe(() => told++);
  kept.change((basket) => add(basket, product("pizza")));
  stop();
  kept.change((basket) => add(basket, product("pizza")));
  expect(told).toBe(1);
});

test("all tabs have one basket, and none writes over what another has put in", () => {
  const [one, other] = tabs(2).map(({ storage, tab }) => new KeptBasket("anna", storage, tab));
  let told = 0;
  other?.subscribe(() => told++);
  one?.change((basket) => add(basket, product("pizza")));
  expect(told).toBe(1);
  other?.change((basket) => add(basket, product("salad")));
  expect(one?.now().lines.map(({ productId }) => productId)).toEqual(["pizza", "salad"]);
  expect(one?.now()).toBe(one?.now());
});

test("what is forgotten is gone in every tab, and a change of nothing does not bring it back", () => {
  const [here, there] = tabs(2);
  const [one, other] = [here, there].map((each) => new KeptBasket("anna", each?.storage, each?.tab));
  one?.change((basket) => add(basket, product("pizza")));
  let told = 0;
  other?.subscribe(() => told++);
  forget("anna", here?.storage ?? storage());
  expect(told).toBe(1);
  other?.change((basket) => basket);
  expect(there?.storage.length).toBe(0);
  expect(other?.now()).toEqual(EMPTY);
});

test("no card's token is kept", () => {
  for (const { id, token } of CARDS) {
    const tab = storage();
    new KeptBasket("anna", tab, new EventTarget()).change((basket) => ({ ...basket, card: id }));
    expect(tab.getItem(storageKeyOf("anna", "basket"))).not.toContain(token);
  }
});
