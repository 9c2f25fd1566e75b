import { durationMs } from "@bufbuild/protobuf/wkt";
import { CommandClass, SagaState, type SagaDefinition } from "order-saga-client/operations";
import { outcomeOf, type Outcome } from "./told.ts";

/** What a command means for going back; `plain` if the definition is not known. */
export type StepClass = "compensatable" | "pivot" | "retriable" | "undo" | "plain";

/** A command as its saga's definition has it. */
export interface PlannedStep {
  name: string;
  service: string;
  class: StepClass;
  /** The step that it undoes: empty for the undo of the start, undefined for a step. */
  undoes: string | undefined;
  /** How long each sending is awaited, in milliseconds; the last wait holds for all further sendings. */
  waits: readonly number[];
  /** After how many sendings without an answer it is given up; 0 for a command that is never given up. */
  givenUpAfter: number;
}

/** Where a saga ends. */
export type End = "completed" | "compensated";

/** Where an outcome leads. */
export interface Edge {
  /** Unique within the saga. */
  id: string;
  /** The command; empty for the start. */
  from: string;
  outcome: Outcome;
  /** The next command; empty at an end. */
  to: string;
  end: End | undefined;
}

/** A saga's definition in the console's terms: its commands, and where their outcomes lead. */
export interface Plan {
  steps: readonly PlannedStep[];
  edges: readonly Edge[];
}

const CLASSES: Readonly<Partial<Record<CommandClass, StepClass>>> = {
  [CommandClass.COMPENSATABLE]: "compensatable",
  [CommandClass.PIVOT]: "pivot",
  [CommandClass.RETRIABLE]: "retriable",
  [CommandClass.UNDO]: "undo",
};

/** The plan of a definition. */
export function planOf(definition: SagaDefinition): Plan {
  const steps = definition.commands.map(({ name, service, class: kind, undoes, waits, givenUpAfter }) => ({
    name,
    service,
    class: CLASSES[kind] ?? "plain",
    undoes: kind === CommandClass.UNDO ? undoes : undefined,
    waits: waits.map(durationMs),
    givenUpAfter,
  }));
  const edges = definition.transitions.map(({ from, outcome, to, end }) => edgeOf(from, outcomeOf(outcome), to, end));
  return { steps, edges };
}

function edgeOf(from: string, told: Outcome, to: string, end: SagaState): Edge {
  // The start has no outcome but that the saga has begun.
  const outcome = from === "" ? "succeeded" : told;
  const ends = { [SagaState.COMPLETED]: "completed", [SagaState.COMPENSATED]: "compensated" } as const;
  return { id: `${from} ${outcome} ${to}`, from, outcome, to, end: ends[end as keyof typeof ends] };
}

/** The commands that may still be sent from here, by any outcome that is still possible. */
export function reachableFrom(plan: Plan, from: string, outcome: Outcome): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string, only: Outcome) => {
    for (const edge of plan.edges) {
      if (edge.from === name && (only === "sent" || edge.outcome === only) && edge.to !== "" && !found.has(edge.to)) {
        found.add(edge.to);
        visit(edge.to, "sent");
      }
    }
  };
  visit(from, outcome);
  return found;
}

/** The commands that are sent from here, in order, if nothing more goes wrong. */
export function wayFrom(plan: Plan, from: string, outcome: Outcome): readonly string[] {
  const way: string[] = [];
  let next = follow(plan, from, outcome === "sent" ? "succeeded" : outcome)?.to ?? "";
  while (next !== "" && !way.includes(next)) {
    way.push(next);
    next = follow(plan, next, "succeeded")?.to ?? "";
  }
  return way;
}

/** Where this outcome leads. */
export function follow(plan: Plan, from: string, outcome: Outcome): Edge | undefined {
  return plan.edges.find((edge) => edge.from === from && edge.outcome === outcome);
}
