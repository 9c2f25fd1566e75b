import type { Run, Step } from "./run.ts";

/** The steps that have a row in the timeline: all steps from the start, and the undos once the run has turned back. */
export function rowsOf({ steps }: Pick<Run, "steps">): readonly Step[] {
  return [...steps.filter(({ undoes }) => undoes === undefined), ...steps.filter(isUndoing)];
}

/** An undo that was sent, or that is sent from here on. */
function isUndoing({ undoes, outcome, state }: Step): boolean {
  return undoes !== undefined && (outcome !== undefined || state === "ahead");
}
