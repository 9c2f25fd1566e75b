import { isOver, type Run } from "./run.ts";
import { dueWords, giveUpWords } from "./words.ts";

/**
 * How often the awaited command was sent, and what comes if no reply comes, counted down. It ends the sentence of `whereOf`
 * (": sent 2 times, sent again in 5 s, given up in 2 min 5 s."), and is empty while nothing is awaited.
 */
export function waitingOf({ at, standing }: Run, now: number): string {
  if (at === undefined || isOver(standing) || standing === "unknown") {
    return "";
  }
  const told = [timesOf(at.sendings), dueWords(at, now), giveUpWords(at, now)].filter((words) => words !== undefined);
  // What is said of a stuck run is a sentence of its own.
  return standing === "stuck" ? ` It was ${told.join(", ")}.` : `: ${told.join(", ")}.`;
}

function timesOf(sendings: number): string {
  return sendings === 1 ? "sent once" : `sent ${sendings} times`;
}
