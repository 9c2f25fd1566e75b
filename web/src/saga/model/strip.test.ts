import { expect, test } from "vitest";
import { toldOf, type Act } from "./fixtures/acts.ts";
import { CANCEL_ORDER, CREATE_ORDER, sagaOfSteps } from "./fixtures/definitions.ts";
import { planOf } from "./plan.ts";
import { runOf } from "./run.ts";
import { stripOf, stripWords, type Glimpse } from "./strip.ts";
import type { Standing } from "./told.ts";

const PLAN = planOf(CREATE_ORDER);

/** The states of the strip of a glimpse at create-order. */
function states(standing: Standing, latest: Glimpse["latest"], reason = "", turnedAt = "") {
  return stripOf(PLAN, { standing, latest, reason, turnedAt }).map(({ state }) => state);
}

test("a saga that goes forward shows what is done, what is awaited and what remains", () => {
  expect(states("running", undefined)).toEqual(["ahead", "ahead", "ahead", "ahead"]);
  expect(states("running", { name: "create-ticket", outcome: "sent" })).toEqual(["running", "ahead", "ahead", "ahead"]);
  const between = states("running", { name: "authorize-card", outcome: "succeeded" });
  expect(between).toEqual(["succeeded", "succeeded", "ahead", "ahead"]);
  const stuck = states("stuck", { name: "approve-order", outcome: "sent" });
  expect(stuck).toEqual(["succeeded", "succeeded", "succeeded", "stuck"]);
  expect(states("completed", { name: "approve-order", outcome: "succeeded" })).toEqual(Array(4).fill("succeeded"));
});

test("a saga that goes back shows what is known to be done, refused and undone", () => {
  const refused = states("compensating", { name: "authorize-card", outcome: "refused" }, "CARD_DECLINED");
  expect(refused).toEqual(["succeeded", "refused", "unneeded", "unneeded"]);
  // Only Billing's refusal leads from two steps to Kitchen's undo, unless it stayed silent.
  const undoing = states("compensating", { name: "reject-ticket", outcome: "sent" }, "CARD_DECLINED");
  expect(undoing).toEqual(["succeeded", "refused", "unneeded", "unneeded"]);
  const silent = states("compensating", { name: "cancel-card", outcome: "sent" }, "NO_ANSWER");
  expect(silent).toEqual(["succeeded", "unknown", "unneeded", "unneeded"]);
});

test("a saga that went back shows where it turned, up to its end", () => {
  const undone = { name: "reject-order", outcome: "succeeded" } as const;
  const declined = states("compensated", undone, "CARD_DECLINED", "authorize-card");
  expect(declined).toEqual(["undone", "refused", "unneeded", "unneeded"]);
  const soldOut = states("compensated", undone, "OUT_OF_STOCK", "create-ticket");
  expect(soldOut).toEqual(["refused", "unneeded", "unneeded", "unneeded"]);
  const silent = states("compensated", undone, "NO_ANSWER", "authorize-card");
  expect(silent).toEqual(["undone", "undone", "unneeded", "unneeded"]);
  const undoing = { name: "reject-ticket", outcome: "sent" } as const;
  const stuck = states("stuck", undoing, "NO_ANSWER", "create-ticket");
  expect(stuck).toEqual(["unknown", "unneeded", "unneeded", "unneeded"]);
  // A refusal without a reason is not told from silence, but what came before it is known.
  const unsaid = states("compensated", undone, "", "authorize-card");
  expect(unsaid).toEqual(["undone", "unclear", "unneeded", "unneeded"]);
});

test("a canceled order is a saga that went forward, unless its cancellation was refused", () => {
  const canceled = (standing: Standing, name: string, reason: string, turnedAt: string) =>
    stripOf(planOf(CANCEL_ORDER), { standing, latest: { name, outcome: "succeeded" }, reason, turnedAt }).map(
      ({ state }) => state,
    );
  expect(canceled("completed", "confirm-cancellation", "", "")).toEqual(Array(3).fill("succeeded"));
  const refused = canceled("compensated", "reject-cancellation", "COOKING_HAS_STARTED", "cancel-ticket");
  expect(refused).toEqual(["refused", "unneeded", "unneeded"]);
});

test("what a glimpse leaves open is said to be unclear, and what no history has is not", () => {
  // Either step may have been refused, if the server does not tell which.
  const undone = states("compensated", { name: "reject-order", outcome: "succeeded" }, "OUT_OF_STOCK");
  expect(undone).toEqual(["unclear", "unclear", "unneeded", "unneeded"]);
});

test("the strip of each moment of a run agrees with the run, and leaves nothing open if it knows the turn", () => {
  const acts: readonly Act[] = [
    ["step-0", "succeeded"],
    ["step-1", "succeeded"],
    ["step-2", "unknown"],
    ["undo-2", "succeeded"],
    ["undo-1", "succeeded"],
    ["undo-0", "succeeded"],
    ["undo-start", "succeeded"],
  ];
  const definition = sagaOfSteps(7);
  const plan = planOf(definition);
  for (let sent = 1; sent <= acts.length; sent += 1) {
    const standing = sent === acts.length ? "compensated" : sent > 3 ? "compensating" : "running";
    const told = toldOf(definition, standing, acts.slice(0, sent));
    const reason = sent > 2 ? "NO_ANSWER" : "";
    const glimpse = { standing, latest: told.commands.at(-1), reason } as const;
    const strip = stripOf(plan, { ...glimpse, turnedAt: "" });
    expect(strip).toHaveLength(7);
    const run = runOf(told, plan, false);
    const played = strip.map(({ name }) => run.steps.find((step) => step.name === name)?.state);
    strip.forEach(({ state }, at) => expect([played[at], "unclear"]).toContain(state));
    const knowing = stripOf(plan, { ...glimpse, turnedAt: sent > 2 ? "step-2" : "" });
    expect(knowing.map(({ state }) => state)).toEqual(played);
  }
});

test("a latest command that is not in the definition leaves every step open", () => {
  expect(states("running", { name: "of-another-version", outcome: "sent" })).toEqual(Array(4).fill("unclear"));
});

test("a strip has words", () => {
  const words = (standing: Standing, name: string, outcome: "sent" | "succeeded" | "refused", reason = "") =>
    stripWords(stripOf(PLAN, { standing, latest: { name, outcome }, reason, turnedAt: "" }));
  expect(words("running", "authorize-card", "sent")).toBe("1 of 4 steps done, 1 awaited");
  expect(words("completed", "approve-order", "succeeded")).toBe("4 of 4 steps done");
  expect(words("compensating", "authorize-card", "refused", "CARD_DECLINED")).toBe("1 of 4 steps done, 1 refused");
  const begun = { standing: "running", latest: undefined, reason: "", turnedAt: "" } as const;
  expect(stripWords(stripOf(planOf(CANCEL_ORDER), begun))).toBe("0 of 3 steps done");
  expect(stripWords([{ name: "a", class: "plain", state: "stuck" }])).toBe("0 of 1 step done, 1 stuck");
});
