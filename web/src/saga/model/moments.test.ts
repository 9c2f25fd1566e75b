import { expect, test } from "vitest";
import { runOfActs, sentAt, STARTED_AT, toldOf, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import { latestOf, momentOf, momentsOf } from "./moments.ts";
import { planOf } from "./plan.ts";
import { runOf } from "./run.ts";

const DECLINED: Act[] = [
  ["create-ticket", "succeeded"],
  ["authorize-card", "refused", 1, "CARD_DECLINED"],
  ["reject-ticket", "succeeded"],
  ["reject-order", "succeeded"],
];

test("a run goes through the moments that it went through", () => {
  const told = toldOf(CREATE_ORDER, "compensated", DECLINED);
  const moments = Array.from({ length: momentsOf(told) }, (_, at) => runOf(momentOf(told, at), planOf(CREATE_ORDER)));
  const seen = moments.map(({ standing, at, steps }) => {
    const undone = steps.filter(({ state }) => state === "undone").map(({ name }) => name);
    return [standing, at?.name, at?.sendings, undone.join()];
  });
  expect(seen).toEqual([
    ["running", "create-ticket", 1, ""],
    ["running", "authorize-card", 1, ""],
    ["running", "authorize-card", 2, ""],
    ["compensating", "reject-ticket", 1, ""],
    ["compensating", "reject-order", 1, "create-ticket"],
    ["compensated", undefined, undefined, "create-ticket"],
  ]);
});

test("a moment shows nothing of what came after it", () => {
  const told = toldOf(CREATE_ORDER, "compensated", DECLINED);
  const moment = momentOf(told, 1);
  expect([moment.endedAt, moment.deadline]).toEqual([undefined, undefined]);
  expect(moment.commands.at(-1)).toMatchObject({ outcome: "sent", reason: "", repeats: 0, endedAt: undefined });
  expect(latestOf(moment)).toBe(sentAt(1));
});

test("nothing is due in a moment that has passed", () => {
  const passed = runOf(momentOf(toldOf(CREATE_ORDER, "compensated", DECLINED), 1), planOf(CREATE_ORDER), false);
  expect(passed.at?.name).toBe("authorize-card");
  expect(passed.steps.filter(({ due }) => due !== undefined)).toEqual([]);
  const told = toldOf(CREATE_ORDER, "running", [["create-ticket", "sent"]]);
  expect(runOf(told, planOf(CREATE_ORDER)).at?.due).toBeDefined();
});

test("the last moment is what is told now, also for a run that has not begun", () => {
  for (const acts of [[], DECLINED.slice(0, 1)]) {
    const told = toldOf(CREATE_ORDER, "running", acts);
    expect(momentOf(told, momentsOf(told) - 1)).toBe(told);
  }
});

test("without a definition a moment has ahead of it what came", () => {
  const told = toldOf(CREATE_ORDER, "compensated", DECLINED);
  expect(runOf(momentOf(told, 1), undefined).steps.map(({ state }) => state)).toEqual([
    "succeeded",
    "running",
    "ahead",
    "ahead",
  ]);
});

test("the latest time is that of the latest event", () => {
  expect(latestOf(toldOf(CREATE_ORDER, "compensated", DECLINED))).toBe(sentAt(4));
  expect(latestOf(toldOf(CREATE_ORDER, "running", []))).toBe(STARTED_AT);
  expect(runOfActs(CREATE_ORDER, "running", []).sent).toEqual([]);
});
