import { expect, test } from "vitest";
import { customerTold, runOfActs, sentAt, toldOf, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import { planOf } from "./plan.ts";
import { runOf } from "./run.ts";

const PLAN = planOf(CREATE_ORDER);
const CREATED: Act = ["create-ticket", "succeeded"];
const waiting = (repeats: number): Act[] => [CREATED, ["authorize-card", "sent", repeats]];
const latest = (acts: readonly Act[], plan = PLAN) =>
  runOf(customerTold(CREATE_ORDER, "running", acts), plan).sent.at(-1);
const seconds = (times: readonly { at: number }[] = [], from = sentAt(1)) => times.map(({ at }) => (at - from) / 1_000);

test("a customer's attempts follow from the first sending and the waits", () => {
  expect(seconds(latest(waiting(0))?.attempts)).toEqual([0]);
  const step = latest(waiting(3));
  expect(seconds(step?.attempts)).toEqual([0, 10, 30, 70]);
  expect(step?.attempts.map(({ number, isReckoned }) => [number, isReckoned])).toEqual([
    [1, false],
    [2, true],
    [3, true],
    [4, true],
  ]);
});

test("no attempt is reckoned to be later than the answer", () => {
  const step = latest([CREATED, ["authorize-card", "succeeded", 2]]);
  expect(seconds(step?.attempts)).toEqual([0, 0.5, 0.5]);
});

test("the last wait holds for all further sendings, of which the first and the latest are shown", () => {
  const stuck: Act[] = [CREATED, ["authorize-card", "succeeded"], ["approve-ticket", "sent", 40]];
  const step = latest(stuck);
  expect(step?.sendings).toBe(41);
  expect(step?.attempts.map(({ number }) => number)).toEqual([1, ...Array.from({ length: 15 }, (_, i) => 27 + i)]);
  const [before, last] = step?.attempts.slice(-2) ?? [];
  expect((last?.at ?? 0) - (before?.at ?? 0)).toBe(900_000);
});

test("an operator's attempts are told: the first and the latest, by their numbers", () => {
  const run = runOfActs(CREATE_ORDER, "stuck", [
    CREATED,
    ["authorize-card", "succeeded"],
    ["approve-ticket", "sent", 40],
  ]);
  const attempts = run.sent.at(-1)?.attempts ?? [];
  expect(attempts.map(({ number }) => number)).toEqual([1, ...Array.from({ length: 15 }, (_, i) => 27 + i)]);
  expect(attempts.some(({ isReckoned }) => isReckoned)).toBe(false);
  expect(seconds(attempts, sentAt(2)).at(-1)).toBe(0.15);
});

test("without a definition only the first sending is known", () => {
  const run = runOf(customerTold(CREATE_ORDER, "running", waiting(2)), undefined);
  expect([run.sent.at(-1)?.sendings, seconds(run.sent.at(-1)?.attempts)]).toEqual([3, [0]]);
  expect(run.sent.at(-1)?.due).toBeUndefined();
});

test("silence leads to a repeat, and at last to giving up", () => {
  const dues = [0, 1, 3].map((repeats) => {
    const due = latest(waiting(repeats))?.due;
    return due && [due.leadsTo, (due.at - sentAt(1)) / 1_000, ((due.givenUpAt ?? 0) - sentAt(1)) / 1_000];
  });
  expect(dues).toEqual([
    ["repeat", 10, 150],
    ["repeat", 30, 150],
    ["give-up", 150, 150],
  ]);
});

test("what is never given up is repeated", () => {
  const due = latest([CREATED, ["authorize-card", "succeeded"], ["approve-ticket", "sent", 5]])?.due;
  expect([due?.leadsTo, due?.givenUpAt]).toEqual(["repeat", undefined]);
});

test("a deadline that was told is taken before one that is reckoned", () => {
  const told = { ...toldOf(CREATE_ORDER, "running", waiting(0)), deadline: sentAt(1) + 36_000 };
  expect(runOf(told, PLAN).at?.due?.at).toBe(sentAt(1) + 36_000);
  expect(runOf({ ...told, deadline: undefined }, PLAN).at?.due?.at).toBe(sentAt(1) + 10_000);
  // Without a definition it is a deadline all the same.
  expect(runOf(told, undefined).at?.due?.at).toBe(sentAt(1) + 36_000);
});

test("nothing is due after an answer, nor in a record that cannot be read", () => {
  expect(latest([CREATED])?.due).toBeUndefined();
  expect(runOfActs(CREATE_ORDER, "unknown", waiting(1)).sent.at(-1)?.due).toBeUndefined();
});
