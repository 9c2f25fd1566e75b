import { expect, test } from "vitest";
import { runOfActs, sentAt, STARTED_AT, toldOf, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import { planOf } from "./plan.ts";
import { runOf } from "./run.ts";
import type { Standing } from "./told.ts";
import { waitingOf } from "./waiting.ts";
import { whereOf } from "./words.ts";

const told = (standing: Standing, acts: Act[], now: number) => {
  const run = runOfActs(CREATE_ORDER, standing, acts);
  return `${whereOf(run)}${waitingOf(run, now)}`;
};

test("one sentence says what is awaited, how often it was sent, when it is sent again and when it is given up", () => {
  const waits = (repeats: number, now: number) => told("running", [["create-ticket", "sent", repeats]], now);
  expect(waits(0, STARTED_AT + 3_000)).toBe(
    "Waits for kitchen’s reply to “Create ticket”: sent once, sent again in 7 s, given up in 2 min 27 s.",
  );
  expect(waits(1, STARTED_AT + 15_010)).toBe(
    "Waits for kitchen’s reply to “Create ticket”: sent 2 times, sent again in 5 s, given up in 2 min 5 s.",
  );
  expect(waits(1, STARTED_AT + 19_900)).toContain(": sent 2 times, sent again any moment, given up in 2 min.");
  expect(waits(3, STARTED_AT + 39_030)).toBe(
    "Waits for kitchen’s reply to “Create ticket”: sent 4 times, given up in 41 s.",
  );
});

test("an undo is never given up, and a stuck step is told to be repeated all the same", () => {
  const refused: Act = ["create-ticket", "refused"];
  expect(told("compensating", [refused, ["reject-order", "sent"]], sentAt(1))).toBe(
    "Waits for order’s reply to “Reject order”: sent once, sent again in 10 s.",
  );
  expect(told("stuck", [refused, ["reject-order", "sent", 5]], sentAt(1) + 50)).toBe(
    "“Reject order” can only be repeated, and order does not answer: a person should look. " +
      "It was sent 6 times, sent again in 5 min 20 s.",
  );
});

test("nothing is counted while nothing is awaited, nor is anything due in a moment that has passed", () => {
  const done: Act[] = [["create-ticket", "succeeded"]];
  const cases: [Standing, Act[]][] = [
    ["running", []],
    ["running", done],
    ["completed", [["create-ticket", "sent"]]],
    ["unknown", [["create-ticket", "sent"]]],
  ];
  for (const [standing, acts] of cases) {
    expect(waitingOf(runOfActs(CREATE_ORDER, standing, acts), STARTED_AT)).toBe("");
  }
  const sent = toldOf(CREATE_ORDER, "running", [["create-ticket", "sent", 2]]);
  expect(waitingOf(runOf(sent, planOf(CREATE_ORDER), false), STARTED_AT)).toBe(": sent 3 times.");
});
