import { expect, test } from "vitest";
import { runOfActs, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import type { Run } from "./run.ts";
import type { Standing } from "./told.ts";

/** Each step's state in the order of the definition, in short. */
const states = ({ steps }: Run) => steps.map(({ state }) => state).join(" ");

const DONE = ["create-ticket", "authorize-card", "approve-ticket", "approve-order"].map((name): Act => [
  name,
  "succeeded",
]);

/** The states of: create-ticket authorize-card approve-ticket approve-order, cancel-card reject-ticket reject-order. */
const CREATE_PATHS: [string, Standing, Act[], string][] = [
  ["not begun", "running", [], "ahead ahead ahead ahead standby standby standby"],
  ["first sent", "running", [["create-ticket", "sent"]], "running ahead ahead ahead standby standby standby"],
  [
    "second sent",
    "running",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "sent", 2],
    ],
    "succeeded running ahead ahead standby standby standby",
  ],
  [
    "pivot passed, next not sent yet",
    "running",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "succeeded"],
    ],
    "succeeded succeeded ahead ahead unneeded unneeded unneeded",
  ],
  ["approved", "completed", DONE, "succeeded succeeded succeeded succeeded unneeded unneeded unneeded"],
  [
    "out of stock",
    "compensated",
    [
      ["create-ticket", "refused", 0, "OUT_OF_STOCK"],
      ["reject-order", "succeeded"],
    ],
    "refused unneeded unneeded unneeded unneeded unneeded succeeded",
  ],
  [
    "declined, being undone",
    "compensating",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "refused", 0, "CARD_DECLINED"],
      ["reject-ticket", "sent", 1],
    ],
    "succeeded refused unneeded unneeded unneeded running ahead",
  ],
  [
    "declined",
    "compensated",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "refused"],
      ["reject-ticket", "succeeded"],
      ["reject-order", "succeeded"],
    ],
    "undone refused unneeded unneeded unneeded succeeded succeeded",
  ],
  [
    "the first silent",
    "compensated",
    [
      ["create-ticket", "unknown", 3],
      ["reject-ticket", "succeeded"],
      ["reject-order", "succeeded"],
    ],
    "undone unneeded unneeded unneeded unneeded succeeded succeeded",
  ],
  [
    "the pivot silent, its undo repeated",
    "compensating",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "unknown", 3],
      ["cancel-card", "sent", 2],
    ],
    "succeeded unknown unneeded unneeded running ahead ahead",
  ],
  [
    "the pivot silent",
    "compensated",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "unknown", 3],
      ["cancel-card", "succeeded"],
      ["reject-ticket", "succeeded"],
      ["reject-order", "succeeded"],
    ],
    "undone undone unneeded unneeded succeeded succeeded succeeded",
  ],
  [
    "stuck after the pivot",
    "stuck",
    [...DONE.slice(0, 2), ["approve-ticket", "sent", 6]],
    "succeeded succeeded stuck ahead unneeded unneeded unneeded",
  ],
  [
    "stuck on the way back",
    "stuck",
    [
      ["create-ticket", "refused"],
      ["reject-order", "sent", 5],
    ],
    "refused unneeded unneeded unneeded unneeded unneeded stuck",
  ],
  [
    "declined, next not sent yet",
    "compensating",
    [
      ["create-ticket", "succeeded"],
      ["authorize-card", "refused"],
    ],
    "succeeded refused unneeded unneeded unneeded ahead ahead",
  ],
  ["over, not told to its end", "completed", DONE.slice(0, 1), `succeeded${" unneeded".repeat(6)}`],
  ["not readable", "unknown", [["create-ticket", "sent"]], "running standby standby standby standby standby standby"],
];

test.each(CREATE_PATHS)("every step of create-order has its state: %s", (_, standing, acts, expected) => {
  expect(states(runOfActs(CREATE_ORDER, standing, acts))).toBe(expected);
});
