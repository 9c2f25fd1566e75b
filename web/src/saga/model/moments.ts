import type { Told, ToldCommand } from "./told.ts";

/** How many moments a run has so far: each sending, and what is told now. */
export function momentsOf({ commands }: Told): number {
  return commands.reduce((sendings, { sentAt }) => sendings + Math.max(1, sentAt.length), 1);
}

/** The run as it was at this moment, counted from 0; the last moment is what is told now. */
export function momentOf(told: Told, moment: number): Told {
  let first = 0;
  for (const [index, command] of told.commands.entries()) {
    const sendings = Math.max(1, command.sentAt.length);
    if (moment < first + sendings) {
      return momentAt(told, index, awaited(command, moment - first));
    }
    first += sendings;
  }
  return told;
}

/** The command before its reply, when it had been repeated so often. */
function awaited(command: ToldCommand, repeats: number): ToldCommand {
  const sentAt = command.sentAt.slice(0, repeats + 1);
  return { ...command, outcome: "sent", reason: "", repeats, sentAt, endedAt: undefined };
}

function momentAt(told: Told, index: number, latest: ToldCommand): Told {
  const before = told.commands.slice(0, index);
  const isBack = before.some(({ outcome }) => outcome === "refused" || outcome === "unknown");
  return {
    ...told,
    standing: isBack ? "compensating" : "running",
    commands: [...before, latest],
    remaining: [...told.commands.slice(index + 1).map(({ name, service }) => ({ name, service })), ...told.remaining],
    endedAt: undefined,
    deadline: undefined,
  };
}

/** The latest time that is told, in milliseconds since 1970; 0 if there is none. */
export function latestOf({ startedAt, endedAt, commands }: Told): number {
  const times = commands.flatMap((command) => [...command.sentAt, command.endedAt]);
  return Math.max(0, ...[startedAt, endedAt, ...times].filter((at) => at !== undefined));
}
