import { expect, test } from "vitest";
import { runOfActs, type Act } from "./fixtures/acts.ts";
import { CANCEL_ORDER } from "./fixtures/definitions.ts";
import type { Run } from "./run.ts";
import type { Standing } from "./told.ts";

/** Each step's state in the order of the definition, in short. */
const states = ({ steps }: Run) => steps.map(({ state }) => state).join(" ");

/** The states of: cancel-ticket cancel-card confirm-cancellation, reject-cancellation. */
const CANCEL_PATHS: [string, Standing, Act[], string][] = [
  ["begun", "running", [["cancel-ticket", "sent"]], "running ahead ahead standby"],
  [
    "canceled",
    "completed",
    [
      ["cancel-ticket", "succeeded"],
      ["cancel-card", "succeeded"],
      ["confirm-cancellation", "succeeded"],
    ],
    "succeeded succeeded succeeded unneeded",
  ],
  [
    "too late",
    "compensated",
    [
      ["cancel-ticket", "refused", 0, "COOKING_HAS_STARTED"],
      ["reject-cancellation", "succeeded"],
    ],
    "refused unneeded unneeded succeeded",
  ],
  ["silent kitchen", "stuck", [["cancel-ticket", "sent", 4]], "stuck ahead ahead standby"],
];

test.each(CANCEL_PATHS)("every step of cancel-order has its state: %s", (_, standing, acts, expected) => {
  expect(states(runOfActs(CANCEL_ORDER, standing, acts))).toBe(expected);
});
