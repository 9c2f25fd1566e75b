import { durationOf } from "../../ui/duration.ts";
import { titleOf } from "../../ui/title.ts";
import { isOver, type Run, type Step, type StepState } from "./run.ts";
import type { StepClass } from "./plan.ts";
import type { Standing } from "./told.ts";

export { titleOf };

/** What comes if no reply comes, counted down: "sent again in 7 s". */
export function dueWords({ due }: Step, now: number): string | undefined {
  if (due === undefined) {
    return undefined;
  }
  const deed = due.leadsTo === "repeat" ? "sent again" : "given up";
  // The clock of this machine may be ahead of the service's.
  const left = due.at - now;
  return left < 1_000 ? `${deed} any moment` : `${deed} in ${wholeSeconds(left)}`;
}

/** When a repeated command is given up if it stays without an answer; undefined if that comes next anyway, or never. */
export function giveUpWords({ due }: Step, now: number): string | undefined {
  const left = due?.leadsTo === "repeat" && due.givenUpAt !== undefined ? due.givenUpAt - now : 0;
  return left > 0 ? `given up in ${wholeSeconds(left)}` : undefined;
}

function wholeSeconds(milliseconds: number): string {
  return durationOf(Math.max(1, Math.round(milliseconds / 1_000)) * 1_000).replace(".0 s", " s");
}

/** The words of a step's state. */
export const STEP_WORDS: Readonly<Record<StepState, string>> = {
  ahead: "Waits its turn",
  standby: "If needed",
  running: "Waiting",
  succeeded: "Done",
  refused: "Refused",
  unknown: "No answer",
  undone: "Undone",
  unneeded: "Not needed",
  stuck: "Stuck",
};

/** The words of a step's state where there is room for what came before. */
export function stateWords({ state, outcome }: Step): string {
  return state === "undone" && outcome === "unknown" ? `${STEP_WORDS.unknown}, undone` : STEP_WORDS[state];
}

/** The words of a saga's state. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  running: "Running",
  compensating: "Undoing",
  completed: "Completed",
  compensated: "Undone",
  stuck: "Stuck",
  unknown: "Unknown",
};

/** The words of a class of steps; none without a definition. */
export const CLASS_WORDS: Readonly<Record<StepClass, string>> = {
  compensatable: "compensatable",
  pivot: "pivot",
  retriable: "retriable",
  undo: "undo",
  plain: "",
};

/** Why a run turned back; before that, what comes next if nothing goes wrong. */
export function courseOf(run: Run): string {
  return run.turnedAt ? whyBack(run.turnedAt, run) : nextOf(run);
}

function whyBack(turnedAt: Step, { standing, sent }: Run): string {
  const name = titleOf(turnedAt.name);
  const what =
    turnedAt.outcome === "refused"
      ? `${turnedAt.service} refused “${name}”`
      : `${turnedAt.service} never answered “${name}”`;
  // A step that stayed silent may have been done.
  const mayBeDone = turnedAt.outcome === "unknown" || sent[0] !== turnedAt;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}, ${thenOf(mayBeDone, isOver(standing))}.`;
}

function thenOf(mayBeDone: boolean, isPast: boolean): string {
  if (!mayBeDone) {
    return `so there ${isPast ? "was" : "is"} nothing to undo`;
  }
  return `so what was done ${isPast ? "was" : "is being"} undone`;
}

/** Where a run is, in words that stay while it waits; `waitingOf` ends the sentence. */
export function whereOf({ standing, at, steps }: Run): string {
  switch (standing) {
    case "completed":
      return "Every step has succeeded.";
    case "compensated":
      return "The saga has left nothing behind.";
    case "stuck":
      return at
        ? `“${titleOf(at.name)}” can only be repeated, and ${at.service} does not answer: a person should look.`
        : "";
    case "unknown":
      return "Its record cannot be read now: it may have come further than is shown.";
    default:
      return at
        ? `Waits for ${at.service}’s reply to “${titleOf(at.name)}”`
        : steps.length > 0
          ? "The next command is on its way."
          : "";
  }
}

function nextOf({ next, standing }: Run): string {
  return next && !isOver(standing) ? `Then comes “${titleOf(next.name)}”.` : "";
}
