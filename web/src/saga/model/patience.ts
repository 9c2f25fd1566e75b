import type { PlannedStep } from "./plan.ts";
import type { ToldCommand } from "./told.ts";

/** One sending of a command. */
export interface Attempt {
  /** 1 for the first sending. */
  number: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Whether the time was not told, but follows from the first sending and the waits. */
  isReckoned: boolean;
}

/** What happens to a command whose reply does not come. */
export interface Due {
  /** Milliseconds since 1970. */
  at: number;
  leadsTo: "repeat" | "give-up";
  /** When it is given up if no reply comes at all; undefined for a command that is never given up. */
  givenUpAt: number | undefined;
}

/** How many sendings are shown: the first and the latest, as GetSaga tells them. */
const MOST_SHOWN = 16;

/** How long the sending with this number is awaited; undefined if that is not known. */
function waitOf({ waits }: PlannedStep, number: number): number | undefined {
  return waits[Math.min(number, waits.length) - 1];
}

/** The sendings of a command: as they were told, or as they follow from its waits. */
export function attemptsOf(command: ToldCommand, planned: PlannedStep | undefined): readonly Attempt[] {
  const { sentAt, repeats } = command;
  const [first, ...further] = sentAt;
  if (first === undefined) {
    return [];
  }
  const told = [{ number: 1, at: first, isReckoned: false }];
  if (further.length > 0 || repeats === 0 || planned === undefined) {
    const latest = Math.max(repeats + 1, sentAt.length);
    return [...told, ...further.map((at, i) => ({ number: latest - further.length + 1 + i, at, isReckoned: false }))];
  }
  return [...told, ...reckoned(command, planned, first)];
}

function reckoned({ repeats, endedAt }: ToldCommand, planned: PlannedStep, first: number): readonly Attempt[] {
  const attempts: Attempt[] = [];
  let at = first;
  for (let number = 2; number <= repeats + 1; number += 1) {
    at += waitOf(planned, number - 1) ?? 0;
    attempts.push({ number, at: Math.min(at, endedAt ?? at), isReckoned: true });
  }
  return attempts.slice(1 - MOST_SHOWN);
}

/** What comes if the awaited command stays without an answer; undefined if it is answered, or if that is not known. */
export function dueOf(
  command: ToldCommand,
  planned: PlannedStep | undefined,
  attempts: readonly Attempt[],
  deadline: number | undefined,
): Due | undefined {
  const latest = attempts.at(-1);
  if (command.outcome !== "sent" || latest === undefined) {
    return undefined;
  }
  const wait = planned && waitOf(planned, command.repeats + 1);
  const at = deadline ?? (wait === undefined ? undefined : latest.at + wait);
  if (at === undefined) {
    return undefined;
  }
  if (planned === undefined || planned.givenUpAfter === 0) {
    return { at, leadsTo: "repeat", givenUpAt: undefined };
  }
  let givenUpAt = at;
  for (let number = command.repeats + 2; number <= planned.givenUpAfter; number += 1) {
    givenUpAt += waitOf(planned, number) ?? 0;
  }
  return { at, leadsTo: command.repeats + 1 >= planned.givenUpAfter ? "give-up" : "repeat", givenUpAt };
}
