import type { CommandDefinition, SagaDefinition } from "order-saga-client/operations";
import { titleOf } from "../../saga/model/words.ts";
import type { Filters } from "./filters.ts";

type Definition = Pick<SagaDefinition, "name"> & { commands: readonly Pick<CommandDefinition, "name">[] };

/** The names to choose from: sagas, and the steps of the saga that is chosen; what is chosen is always among them. */
export function choicesOf(
  definitions: readonly Definition[],
  { saga, step }: Filters,
): { sagas: string[]; steps: string[] } {
  const shown = definitions.filter(({ name }) => saga === undefined || name === saga);
  return {
    sagas: unique([...definitions.map(({ name }) => name), saga]),
    steps: unique([...shown.flatMap(({ commands }) => commands.map(({ name }) => name)), step]),
  };
}

/** Names of sagas or steps to choose from, as a list and a saga's page say them. */
export function namesOf(names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, titleOf(name)]);
}

function unique(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
