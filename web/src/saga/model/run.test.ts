import { expect, test } from "vitest";
import { customerTold, runOfActs, toldOf, type Act } from "./fixtures/acts.ts";
import { CANCEL_ORDER, CREATE_ORDER } from "./fixtures/definitions.ts";
import { planOf } from "./plan.ts";
import { runOf, type Run } from "./run.ts";

/** The edges that were taken, in their order. */
const taken = ({ taken: edges }: Run) => [...edges.keys()].map((id) => id.trim()).join(", ");

test("the path is told by the edges that were taken, and each step by the edge that led there", () => {
  const run = runOfActs(CREATE_ORDER, "compensated", [
    ["create-ticket", "succeeded"],
    ["authorize-card", "unknown", 3],
    ["cancel-card", "succeeded"],
    ["reject-ticket", "succeeded"],
    ["reject-order", "succeeded"],
  ]);
  expect(taken(run)).toBe(
    "succeeded create-ticket, create-ticket succeeded authorize-card, authorize-card unknown cancel-card, " +
      "cancel-card succeeded reject-ticket, reject-ticket succeeded reject-order, reject-order succeeded",
  );
  const reached = run.steps.map(({ name, reachedBy }) => [name, reachedBy?.from, reachedBy?.outcome]);
  expect(reached).toContainEqual(["cancel-card", "authorize-card", "unknown"]);
  expect(reached).toContainEqual(["approve-ticket", undefined, undefined]);
  expect(taken(runOfActs(CREATE_ORDER, "running", []))).toBe("");
  // The next command is not sent yet.
  expect(taken(runOfActs(CREATE_ORDER, "running", [["create-ticket", "succeeded"]]))).toBe("succeeded create-ticket");
});

test("a run knows where it is, what comes next, and where it turned", () => {
  const forth = runOfActs(CREATE_ORDER, "running", [["create-ticket", "sent"]]);
  expect([forth.at?.name, forth.next?.name, forth.turnedAt]).toEqual(["create-ticket", "authorize-card", undefined]);
  const back = runOfActs(CREATE_ORDER, "compensating", [
    ["create-ticket", "refused"],
    ["reject-order", "sent"],
  ]);
  expect([back.at?.name, back.next, back.turnedAt?.name]).toEqual(["reject-order", undefined, "create-ticket"]);
  const over = runOfActs(CREATE_ORDER, "completed", [
    ["create-ticket", "succeeded"],
    ["authorize-card", "succeeded"],
    ["approve-ticket", "succeeded"],
    ["approve-order", "succeeded"],
  ]);
  expect([over.at, over.next, over.turnedAt]).toEqual([undefined, undefined, undefined]);
});

test("a customer's run stands as the operator's does, without ids", () => {
  const acts: Act[] = [
    ["create-ticket", "succeeded"],
    ["authorize-card", "sent", 2],
  ];
  const customer = runOf(customerTold(CREATE_ORDER, "running", acts), planOf(CREATE_ORDER));
  const operator = runOfActs(CREATE_ORDER, "running", acts);
  const seen = ({ steps }: Run) => steps.map(({ name, state, sendings }) => [name, state, sendings]);
  expect(seen(customer)).toEqual(seen(operator));
  expect(customer.sent.map(({ commandId, replyId }) => [commandId, replyId])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  expect(operator.sent.at(-1)?.commandId).toBe("command authorize-card");
});

test("without a definition, or with a definition that is not its own, a run is what was told", () => {
  const told = {
    ...toldOf(CREATE_ORDER, "running", [["create-ticket", "succeeded"]]),
    remaining: [{ name: "pay", service: "bank" }],
  };
  for (const plan of [undefined, planOf(CANCEL_ORDER)]) {
    const run = runOf(told, plan);
    expect(run.plan).toBeUndefined();
    expect(run.steps.map(({ name, class: kind, state }) => [name, kind, state])).toEqual([
      ["create-ticket", "plain", "succeeded"],
      ["pay", "plain", "ahead"],
    ]);
    expect(run.next?.name).toBe("pay");
  }
});
