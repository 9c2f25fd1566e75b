import { exactDurationOf } from "../../ui/duration.ts";
import { isOver, type Run, type Step } from "./run.ts";

/** A message of a run: a command, its repeat, or a reply. */
export interface Message {
  key: string;
  /** Milliseconds since 1970; undefined while it has not come. */
  at: number | undefined;
  /** Whether the time was not told, but follows from the waits. */
  isReckoned: boolean;
  text: string;
  id: { of: string; value: string } | undefined;
}

/** The messages of a step, in order of time. */
export function messagesOf(step: Step): readonly Message[] {
  return [...sendingsOf(step), ...answerOf(step)];
}

function sendingsOf({ name, attempts, sendings, commandId, service }: Step): readonly Message[] {
  const id = commandId === undefined ? undefined : { of: "command", value: commandId };
  const told = attempts.map(({ number, at, isReckoned }) => ({
    key: `${name} ${number}`,
    at,
    isReckoned,
    text: number === 1 ? `Command sent to ${service}` : `Sent again, ${ordinal(number)} time`,
    id,
  }));
  const missing = sendings - attempts.length;
  if (missing <= 0) {
    return told;
  }
  const text =
    missing === 1 ? "Sent once more; its time is not told" : `Sent ${missing} times more; their times are not told`;
  const gap = { key: `${name} more`, at: undefined, isReckoned: false, text, id: undefined };
  return [...told.slice(0, 1), gap, ...told.slice(1)];
}

function answerOf({ name, outcome, endedAt, reason, replyId }: Step): readonly Message[] {
  const id = replyId === undefined || outcome === "unknown" ? undefined : { of: "reply", value: replyId };
  const texts = {
    sent: "Reply awaited",
    succeeded: "Reply: succeeded",
    refused: `Reply: refused${reason && `, ${reason}`}`,
    unknown: "Given up: no reply came",
  };
  return outcome === undefined
    ? []
    : [{ key: `${name} reply`, at: endedAt, isReckoned: false, text: texts[outcome], id }];
}

function ordinal(number: number): string {
  const form = new Intl.PluralRules("en", { type: "ordinal" }).select(number);
  return `${number}${{ one: "st", two: "nd", few: "rd" }[form as string] ?? "th"}`;
}

/** A time told from the saga's start: "+320 ms". */
export function sinceStart({ startedAt, sent }: Pick<Run, "startedAt" | "sent">, at: number): string {
  const start = startedAt ?? sent[0]?.attempts[0]?.at ?? at;
  return `+${exactDurationOf(at - start)}`;
}

/** How the log ends: undefined while the run is under way. */
export function endOf({ standing, endedAt }: Run): { text: string; at: number | undefined } | undefined {
  return isOver(standing)
    ? { text: standing === "completed" ? "Saga completed" : "Saga undone", at: endedAt }
    : undefined;
}
