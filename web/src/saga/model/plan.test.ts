import { create } from "@bufbuild/protobuf";
import { CommandState, SagaDefinitionSchema } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import { planOf, reachableFrom, wayFrom } from "./plan.ts";

test("the way from an outcome, and what may be sent from there, follow the definition", () => {
  const plan = planOf(CREATE_ORDER);
  expect(wayFrom(plan, "authorize-card", "sent")).toEqual(["approve-ticket", "approve-order"]);
  expect(wayFrom(plan, "authorize-card", "unknown")).toEqual(["cancel-card", "reject-ticket", "reject-order"]);
  expect([...reachableFrom(plan, "authorize-card", "refused")]).toEqual(["reject-ticket", "reject-order"]);
  expect(reachableFrom(plan, "authorize-card", "sent").size).toBe(5);
});

test("a definition that leads in a circle ends all the same", () => {
  const { SUCCEEDED } = CommandState;
  const circle = create(SagaDefinitionSchema, {
    commands: [{ name: "a" }, { name: "b" }],
    transitions: [
      { from: "a", outcome: SUCCEEDED, to: "b" },
      { from: "b", outcome: SUCCEEDED, to: "a" },
    ],
  });
  const plan = planOf(circle);
  expect(wayFrom(plan, "a", "sent")).toEqual(["b", "a"]);
  expect([...reachableFrom(plan, "a", "sent")]).toEqual(["b", "a"]);
  expect(plan.steps.map(({ class: kind }) => kind)).toEqual(["plain", "plain"]);
});
