import { attemptsOf, dueOf, type Attempt, type Due } from "./patience.ts";
import { follow, reachableFrom, wayFrom, type Edge, type Plan, type PlannedStep, type StepClass } from "./plan.ts";
import type { Outcome, Standing, Told, ToldCommand } from "./told.ts";

/**
 * How a step stands: `ahead` comes next if nothing more goes wrong, `standby` only if something does, `unneeded` not at all
 * any more; `undone` is a step whose undo has succeeded.
 */
export type StepState =
  "ahead" | "standby" | "running" | "succeeded" | "refused" | "unknown" | "undone" | "unneeded" | "stuck";

/** A command of the saga, sent or not. Times are milliseconds since 1970. */
export interface Step {
  name: string;
  service: string;
  class: StepClass;
  /** The step that it undoes: empty for the undo of the start, undefined for a step. */
  undoes: string | undefined;
  state: StepState;
  /** What became of it, also when it was undone later; undefined if it was not sent. */
  outcome: Outcome | undefined;
  reason: string;
  attempts: readonly Attempt[];
  /** How often it was sent, also if some of the times are not known. */
  sendings: number;
  endedAt: number | undefined;
  due: Due | undefined;
  /** The edge that led here. */
  reachedBy: Edge | undefined;
  commandId: string | undefined;
  replyId: string | undefined;
}

/** One run of a saga: what is known of it, laid over its definition. */
export interface Run extends Omit<Told, "commands" | "remaining" | "deadline"> {
  /** The definition's commands in its order; without a definition, what was told. */
  steps: readonly Step[];
  /** The steps that were sent, in that order. */
  sent: readonly Step[];
  plan: Plan | undefined;
  /** The ids of the edges that were taken, with the order in which they were. */
  taken: ReadonlyMap<string, number>;
  /** The step whose reply is awaited. */
  at: Step | undefined;
  /** What is sent next if nothing more goes wrong. */
  next: Step | undefined;
  /** The step that was refused or stayed silent, for which the saga turned back. */
  turnedAt: Step | undefined;
}

/** The run that the API tells of, with the definition's plan if that is known. Nothing is due in a run that is not now's. */
export function runOf(told: Told, known: Plan | undefined, isNow = true): Run {
  // A plan that does not have a command that was sent is not this run's.
  const plan = told.commands.every(({ name }) => known?.steps.some((step) => step.name === name)) ? known : undefined;
  const taken = plan ? edgesTaken(told, plan) : [];
  const planned = plan?.steps ?? [...told.commands, ...told.remaining].map(plain);
  const steps = planned.map((step) => stepOf(step, told, plan, taken, isNow));
  const sent = told.commands.flatMap(({ name }) => steps.filter((step) => step.name === name));
  const way = plan ? aheadOf(told, plan) : told.remaining.map(({ name }) => name);
  const latest = sent.at(-1);
  const { id, name, version, standing, subject, startedAt, endedAt, startedBy } = told;
  return {
    ...{ id, name, version, standing, subject, startedAt, endedAt, startedBy },
    steps,
    sent,
    plan,
    taken: new Map(taken.map((edge, at) => [edge.id, at])),
    at: latest?.outcome === "sent" ? latest : undefined,
    next: steps.find(({ name }) => name === way[0]),
    turnedAt: sent.find(({ outcome }) => outcome === "refused" || outcome === "unknown"),
  };
}

/** Whether nothing more happens. */
export function isOver(standing: Standing): boolean {
  return standing === "completed" || standing === "compensated";
}

function plain({ name, service }: { name: string; service: string }): PlannedStep {
  return { name, service, class: "plain", undoes: undefined, waits: [], givenUpAfter: 0 };
}

function stepOf(
  planned: PlannedStep,
  told: Told,
  plan: Plan | undefined,
  taken: readonly Edge[],
  isNow: boolean,
): Step {
  const { name, service, class: kind, undoes } = planned;
  const command = told.commands.findLast((sent) => sent.name === name);
  const attempts = command ? attemptsOf(command, plan && planned) : [];
  const isLatest = command !== undefined && command === told.commands.at(-1);
  const isAwaited = isNow && isLatest && !isOver(told.standing) && told.standing !== "unknown";
  return {
    ...{ name, service, class: kind, undoes },
    state: command ? sentState(command, told, plan) : unsentState(name, told, plan),
    outcome: command?.outcome,
    reason: command?.reason ?? "",
    attempts,
    sendings: command ? command.repeats + 1 : 0,
    endedAt: command?.endedAt,
    due: isAwaited ? dueOf(command, plan && planned, attempts, told.deadline) : undefined,
    reachedBy: taken.find(({ to }) => to === name),
    commandId: command?.commandId,
    replyId: command?.replyId,
  };
}

function sentState(command: ToldCommand, told: Told, plan: Plan | undefined): StepState {
  if (command.outcome === "sent") {
    return told.standing === "stuck" && command === told.commands.at(-1) ? "stuck" : "running";
  }
  const undo = plan?.steps.find(({ undoes }) => undoes === command.name);
  const isUndone = told.commands.some(({ name, outcome }) => name === undo?.name && outcome === "succeeded");
  return isUndone ? "undone" : command.outcome;
}

function unsentState(name: string, told: Told, plan: Plan | undefined): StepState {
  if (plan === undefined || aheadOf(told, plan).includes(name)) {
    return "ahead";
  }
  const { from, outcome } = positionOf(told);
  return !isOver(told.standing) && reachableFrom(plan, from, outcome).has(name) ? "standby" : "unneeded";
}

/** What is sent from here on if nothing more goes wrong; nothing is known of a run that cannot be read. */
function aheadOf(told: Told, plan: Plan): readonly string[] {
  const { from, outcome } = positionOf(told);
  return isOver(told.standing) || told.standing === "unknown" ? [] : wayFrom(plan, from, outcome);
}

function positionOf(told: Told): { from: string; outcome: Outcome } {
  const latest = told.commands.at(-1);
  return latest ? { from: latest.name, outcome: latest.outcome } : { from: "", outcome: "succeeded" };
}

function edgesTaken({ commands, standing }: Told, plan: Plan): readonly Edge[] {
  const begun = commands.length > 0 ? [follow(plan, "", "succeeded")] : [];
  const between = commands.slice(0, -1).map(({ name, outcome }) => follow(plan, name, outcome));
  const latest = commands.at(-1);
  const ended = latest && isOver(standing) ? [follow(plan, latest.name, latest.outcome)] : [];
  return [...begun, ...between, ...ended].filter((edge) => edge !== undefined);
}
