import { runOf, type StepState } from "./run.ts";
import { follow, type Plan, type StepClass } from "./plan.ts";
import type { Outcome, Standing, ToldCommand } from "./told.ts";

/** What a list tells of a saga: little, but enough to see how far it got. */
export interface Glimpse {
  standing: Standing;
  latest: Sending | undefined;
  /** Why it went back: UPPER_SNAKE_CASE, or empty. */
  reason: string;
  /** The command after which it went back: empty if it did not, or if a server does not tell it yet. */
  turnedAt: string;
}

/** A command that was sent, and what became of it. */
export type Sending = Pick<ToldCommand, "name" | "outcome">;

/** One forward step of a strip; `unclear` if the glimpse leaves open how far the saga got before it went back. */
export interface Box {
  name: string;
  class: StepClass;
  state: StepState | "unclear";
}

/** The forward steps in order, each as it stands in every run that the glimpse may be of. */
export function stripOf(plan: Plan, glimpse: Glimpse): readonly Box[] {
  const runs = historiesOf(plan, glimpse).map((commands) => runOf(toldOf(glimpse.standing, commands), plan, false));
  return plan.steps.flatMap(({ name, class: kind, undoes }) => {
    const states = new Set(runs.flatMap(({ steps }) => steps.filter((step) => step.name === name)).map(stateOf));
    const [state] = states;
    return undoes === undefined ? [{ name, class: kind, state: states.size === 1 && state ? state : "unclear" }] : [];
  });
}

const stateOf = ({ state }: { state: StepState }) => state;

/** All that may have been sent until the latest command, if nothing is told of what was sent before it. */
function historiesOf(plan: Plan, { latest, reason, turnedAt }: Glimpse): readonly (readonly Sending[])[] {
  if (latest === undefined) {
    return [[]];
  }
  const all = waysTo(plan, latest, [], follow(plan, "", "succeeded")?.to ?? "");
  const isTurn = ({ name, outcome }: Sending) =>
    (reason === "" || outcome === turnOf(reason)) && (turnedAt === "" || name === turnedAt);
  const fitting = all.filter((sent) => (reason === "" && turnedAt === "") || sent.some(isTurn));
  return fitting.length > 0 ? fitting : all;
}

/** What became of the step after which a saga with this reason went back. */
function turnOf(reason: string): Outcome {
  return reason === "NO_ANSWER" ? "unknown" : "refused";
}

/** The ways through the graph that go on with `next`, and end with the latest command. */
function waysTo(plan: Plan, latest: Sending, sent: readonly Sending[], next: string): readonly (readonly Sending[])[] {
  if (next === latest.name) {
    return [[...sent, latest]];
  }
  // No command is sent twice.
  if (next === "" || sent.some(({ name }) => name === next)) {
    return [];
  }
  const onward = plan.edges.filter(({ from }) => from === next);
  return onward.flatMap(({ outcome, to }) => waysTo(plan, latest, [...sent, { name: next, outcome }], to));
}

function toldOf(standing: Standing, sent: readonly Sending[]) {
  const rest = { service: "", reason: "", repeats: 0, sentAt: [], endedAt: undefined, commandId: undefined };
  return {
    ...{ id: undefined, name: "", version: 0, standing, subject: "", startedAt: undefined, endedAt: undefined },
    ...{ startedBy: undefined, remaining: [], deadline: undefined },
    commands: sent.map((command) => ({ ...rest, ...command, replyId: undefined })),
  };
}

const TOLD: readonly [StepState, string][] = [
  ["running", "awaited"],
  ["stuck", "stuck"],
  ["undone", "undone"],
  ["refused", "refused"],
  ["unknown", "without an answer"],
];

/** How far a saga got, in words: "1 of 4 steps done, 1 awaited". */
export function stripWords(boxes: readonly Box[]): string {
  const count = (state: Box["state"]) => boxes.filter((box) => box.state === state).length;
  const steps = boxes.length === 1 ? "step" : "steps";
  const others = TOLD.filter(([state]) => count(state) > 0).map(([state, words]) => `${count(state)} ${words}`);
  return [`${count("succeeded")} of ${boxes.length} ${steps} done`, ...others].join(", ");
}
