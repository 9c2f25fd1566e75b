import { assert, expect, test } from "vitest";
import { runOfActs, sentAt, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import type { Outcome, Standing } from "./told.ts";
import { courseOf, dueWords, giveUpWords, stateWords, whereOf } from "./words.ts";
import type { Step } from "./run.ts";

test("a run tells where it is, why it turned and what comes next", () => {
  const created: Act = ["create-ticket", "succeeded"];
  const cases: [Standing, Act[], where: string, course: string][] = [
    ["running", [], "The next command is on its way.", "Then comes “Create ticket”."],
    [
      "running",
      [created, ["authorize-card", "sent"]],
      "Waits for billing’s reply to “Authorize card”",
      "Then comes “Approve ticket”.",
    ],
    [
      "compensating",
      [created, ["authorize-card", "refused"], ["reject-ticket", "sent"]],
      "Waits for kitchen’s reply to “Reject ticket”",
      "Billing refused “Authorize card”, so what was done is being undone.",
    ],
    [
      "compensated",
      [
        ["create-ticket", "unknown", 3],
        ["reject-ticket", "succeeded"],
        ["reject-order", "succeeded"],
      ],
      "The saga has left nothing behind.",
      "Kitchen never answered “Create ticket”, so what was done was undone.",
    ],
    [
      "compensated",
      [
        ["create-ticket", "refused"],
        ["reject-order", "succeeded"],
      ],
      "The saga has left nothing behind.",
      "Kitchen refused “Create ticket”, so there was nothing to undo.",
    ],
    [
      "compensating",
      [
        ["create-ticket", "refused"],
        ["reject-order", "sent"],
      ],
      "Waits for order’s reply to “Reject order”",
      "Kitchen refused “Create ticket”, so there is nothing to undo.",
    ],
    [
      "stuck",
      [created, ["authorize-card", "succeeded"], ["approve-ticket", "sent", 5]],
      "“Approve ticket” can only be repeated, and kitchen does not answer: a person should look.",
      "Then comes “Approve order”.",
    ],
    ["unknown", [created], "Its record cannot be read now: it may have come further than is shown.", ""],
  ];
  for (const [standing, acts, where, course] of cases) {
    const run = runOfActs(CREATE_ORDER, standing, acts);
    expect([whereOf(run), courseOf(run)]).toEqual([where, course]);
  }
  const all = CREATE_ORDER.commands.slice(0, 4).map(({ name }): Act => [name, "succeeded"]);
  const over = runOfActs(CREATE_ORDER, "completed", all);
  expect([whereOf(over), courseOf(over)]).toEqual(["Every step has succeeded.", ""]);
});

test("a deadline is counted down", () => {
  const step = (repeats: number, outcome: Outcome = "sent"): Step => {
    const [found] = runOfActs(CREATE_ORDER, "running", [["create-ticket", outcome, repeats]]).sent;
    assert(found);
    return found;
  };
  const first = step(0);
  expect(dueWords(first, sentAt(0) + 3_000)).toBe("sent again in 7 s");
  expect(giveUpWords(first, sentAt(0) + 3_000)).toBe("given up in 2 min 27 s");
  expect(dueWords(first, sentAt(0) + 9_500)).toBe("sent again any moment");
  expect(dueWords(first, sentAt(0) + 60_000)).toBe("sent again any moment");
  const last = step(3);
  expect(dueWords(last, sentAt(0) + 39_030)).toBe("given up in 41 s");
  expect(giveUpWords(last, sentAt(0) + 39_030)).toBeUndefined();
  expect(dueWords(step(0, "succeeded"), 0)).toBeUndefined();
});

test("an undone step still tells that it was silent where there is room", () => {
  const { sent } = runOfActs(CREATE_ORDER, "compensating", [
    ["create-ticket", "unknown", 3],
    ["reject-ticket", "succeeded"],
  ]);
  expect(sent.map(stateWords)).toEqual(["No answer, undone", "Done"]);
});
