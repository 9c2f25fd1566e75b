import { expect, test } from "vitest";
import { choicesOf, namesOf } from "./choices.ts";

const steps = (...names: string[]) => names.map((name) => ({ name }));
const DEFINITIONS = [
  { name: "create-order", commands: steps("create-ticket", "approve-order") },
  { name: "create-order", commands: steps("create-ticket", "notify-kitchen", "approve-order") },
  { name: "cancel-order", commands: steps("cancel-ticket") },
];

test("the choices are the names of the definitions, each once", () => {
  expect(choicesOf(DEFINITIONS, {})).toEqual({
    sagas: ["create-order", "cancel-order"],
    steps: ["create-ticket", "approve-order", "notify-kitchen", "cancel-ticket"],
  });
  expect(choicesOf(DEFINITIONS, { saga: "cancel-order" }).steps).toEqual(["cancel-ticket"]);
});

test("what an address has chosen can be seen, also if no definition has it", () => {
  expect(choicesOf([], { saga: "old-saga", step: "old-step" })).toEqual({ sagas: ["old-saga"], steps: ["old-step"] });
});

test("a choice is told as a saga's page tells it, and asked for by its own name", () => {
  expect(namesOf(["create-order"])).toEqual([["create-order", "Create order"]]);
});
