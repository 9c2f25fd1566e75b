import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { SagaState as CustomerSagaState, SagaStepState, type SagaProgress } from "order-saga-client";
import { CommandState, SagaState, type Saga } from "order-saga-client/operations";

/** Where a saga stands as a whole. */
export type Standing = "running" | "compensating" | "completed" | "compensated" | "stuck" | "unknown";

/** What became of a command; `sent` while its reply is awaited, `unknown` when it was given up. */
export type Outcome = "sent" | "succeeded" | "refused" | "unknown";

/** One command as it was told. Times are milliseconds since 1970. */
export interface ToldCommand {
  name: string;
  service: string;
  outcome: Outcome;
  /** UPPER_SNAKE_CASE, or empty. */
  reason: string;
  repeats: number;
  /** The sendings that are known, the first one first. */
  sentAt: readonly number[];
  endedAt: number | undefined;
  commandId: string | undefined;
  replyId: string | undefined;
}

/** A command that is still to be sent. */
export interface ToldRemaining {
  name: string;
  service: string;
}

/** What the API has told of a saga, to its customer or to an operator. */
export interface Told {
  id: string | undefined;
  name: string;
  version: number;
  standing: Standing;
  subject: string;
  startedAt: number | undefined;
  endedAt: number | undefined;
  startedBy: { id: string; type: string } | undefined;
  commands: readonly ToldCommand[];
  remaining: readonly ToldRemaining[];
  deadline: number | undefined;
}

const STANDINGS: Readonly<Partial<Record<SagaState, Standing>>> = {
  [SagaState.RUNNING]: "running",
  [SagaState.COMPENSATING]: "compensating",
  [SagaState.COMPLETED]: "completed",
  [SagaState.COMPENSATED]: "compensated",
  [SagaState.STUCK]: "stuck",
};

const CUSTOMER_STANDINGS: Readonly<Partial<Record<CustomerSagaState, Standing>>> = {
  [CustomerSagaState.RUNNING]: "running",
  [CustomerSagaState.COMPENSATING]: "compensating",
  [CustomerSagaState.COMPLETED]: "completed",
  [CustomerSagaState.COMPENSATED]: "compensated",
  [CustomerSagaState.STUCK]: "stuck",
};

const OUTCOMES: Readonly<Partial<Record<CommandState, Outcome>>> = {
  [CommandState.SENT]: "sent",
  [CommandState.SUCCEEDED]: "succeeded",
  [CommandState.REFUSED]: "refused",
};

const CUSTOMER_OUTCOMES: Readonly<Partial<Record<SagaStepState, Outcome>>> = {
  [SagaStepState.SENT]: "sent",
  [SagaStepState.SUCCEEDED]: "succeeded",
  [SagaStepState.REFUSED]: "refused",
};

/** A state as the console calls it; a state that came later is not known. */
export function standingOf(state: SagaState): Standing {
  return STANDINGS[state] ?? "unknown";
}

/** An outcome as the console calls it; an outcome that came later is not known. */
export function outcomeOf(state: CommandState): Outcome {
  return OUTCOMES[state] ?? "unknown";
}

/** What FindOrder tells a customer. */
export function fromProgress(progress: SagaProgress): Told {
  return {
    ...shared(progress),
    id: undefined,
    standing: CUSTOMER_STANDINGS[progress.state] ?? "unknown",
    subject: "",
    startedBy: undefined,
    commands: progress.steps.map((step) => ({
      ...sharedOf(step),
      outcome: CUSTOMER_OUTCOMES[step.state] ?? "unknown",
      sentAt: step.sentAt ? [timestampMs(step.sentAt)] : [],
      commandId: undefined,
      replyId: undefined,
    })),
    deadline: undefined,
  };
}

/** What GetSaga tells an operator. */
export function fromSaga(saga: Saga): Told {
  const { startedBy } = saga;
  return {
    ...shared(saga),
    id: saga.sagaId,
    standing: standingOf(saga.state),
    subject: saga.subject,
    startedBy: startedBy && { id: startedBy.messageId, type: startedBy.type },
    commands: saga.commands.map((command) => ({
      ...sharedOf(command),
      outcome: outcomeOf(command.state),
      sentAt: command.sentAt.map(timestampMs),
      commandId: command.commandId || undefined,
      replyId: command.replyId || undefined,
    })),
    deadline: time(saga.deadline),
  };
}

function shared({ name, version, startedAt, endedAt, remaining }: SagaProgress | Saga) {
  const still = remaining.map((command) => ({ name: command.name, service: command.service }));
  return { name, version, startedAt: time(startedAt), endedAt: time(endedAt), remaining: still };
}

function sharedOf(command: Pick<SagaProgress["steps"][number], "name" | "service" | "reason" | "repeats" | "endedAt">) {
  const { name, service, reason, repeats, endedAt } = command;
  return { name, service, reason, repeats, endedAt: time(endedAt) };
}

function time(at: Timestamp | undefined): number | undefined {
  return at && timestampMs(at);
}
