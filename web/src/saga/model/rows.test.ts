import { expect, test } from "vitest";
import { runOfActs, toldOf, type Act } from "./fixtures/acts.ts";
import { CANCEL_ORDER, CREATE_ORDER, sagaOfSteps } from "./fixtures/definitions.ts";
import { momentOf, momentsOf } from "./moments.ts";
import { planOf } from "./plan.ts";
import { rowsOf } from "./rows.ts";
import { runOf, type Run } from "./run.ts";

const FORTH = ["create-ticket", "authorize-card", "approve-ticket", "approve-order"];

const names = (run: Run) => rowsOf(run).map(({ name }) => name);

test("every step has its row from the start to the end of a run that goes well, and no undo has one", () => {
  for (let sent = 0; sent <= FORTH.length; sent += 1) {
    const acts = FORTH.slice(0, sent).map((name): Act => [name, "succeeded"]);
    const standing = sent === FORTH.length ? "completed" : "running";
    expect(names(runOfActs(CREATE_ORDER, standing, acts))).toEqual(FORTH);
  }
  expect(names(runOfActs(sagaOfSteps(7), "running", []))).toHaveLength(7);
});

test("the undos that are needed have their rows as soon as the run turns back, and keep them", () => {
  const acts: Act[] = [
    ["create-ticket", "succeeded"],
    ["authorize-card", "refused"],
    ["reject-ticket", "succeeded"],
    ["reject-order", "succeeded"],
  ];
  const told = toldOf(CREATE_ORDER, "compensated", acts);
  const moments = Array.from({ length: momentsOf(told) }, (_, at) =>
    names(runOf(momentOf(told, at), planOf(CREATE_ORDER))).slice(FORTH.length),
  );
  const back = ["reject-ticket", "reject-order"];
  expect(moments).toEqual([[], [], back, back, back]);
  expect(names(runOfActs(CREATE_ORDER, "compensating", acts.slice(0, 2)))).toEqual([...FORTH, ...back]);
});

test("a step that undoes nothing is no undo, whatever it is called", () => {
  const forth = ["cancel-ticket", "cancel-card", "confirm-cancellation"];
  expect(names(runOfActs(CANCEL_ORDER, "running", []))).toEqual(forth);
  expect(names(runOfActs(CANCEL_ORDER, "compensating", [["cancel-ticket", "refused"]]))).toEqual([
    ...forth,
    "reject-cancellation",
  ]);
});

test("without a definition all that was told has its row", () => {
  const told = {
    ...toldOf(CREATE_ORDER, "running", [["create-ticket", "sent"]]),
    remaining: [{ name: "pay", service: "bank" }],
  };
  expect(names(runOf(told, undefined))).toEqual(["create-ticket", "pay"]);
});
