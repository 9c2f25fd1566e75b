import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { SagaState, type ListSagasRequestSchema } from "order-saga-client/operations";

/** Which sagas an operator looks at; what is absent excludes no saga. */
export interface Filters {
  state?: StateName | undefined;
  saga?: string | undefined;
  step?: string | undefined;
  age?: Age | undefined;
  text?: string | undefined;
}

/** The states that can be asked for, the most urgent first, as the address names them. */
export const STATES = {
  stuck: SagaState.STUCK,
  running: SagaState.RUNNING,
  compensating: SagaState.COMPENSATING,
  completed: SagaState.COMPLETED,
  compensated: SagaState.COMPENSATED,
} as const;

export type StateName = keyof typeof STATES;

/** How long ago a saga may have started, in milliseconds, as the address names it. */
export const AGES = { "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000, "7d": 604_800_000 } as const;

export type Age = keyof typeof AGES;

/** The filters that an address says, without its "?". What it says wrongly is as if it were absent. */
export function filtersOf(search: string): Filters {
  const query = new URLSearchParams(search);
  const state = keyOf(STATES, query.get("state"));
  const age = keyOf(AGES, query.get("age"));
  const saga = wordOf(query.get("saga"), /^[a-z0-9_-]{1,64}$/);
  const step = wordOf(query.get("step"), /^[a-z0-9_-]{1,64}$/);
  const text = wordOf(query.get("text"), /^[!-~]{1,64}$/);
  return {
    ...(state && { state }),
    ...(saga && { saga }),
    ...(step && { step }),
    ...(age && { age }),
    ...(text && { text }),
  };
}

/** The address of the list with these filters. */
export function addressOf({ state, saga, step, age, text }: Filters): string {
  const said = Object.entries({ state, saga, step, age, text }).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  const query = new URLSearchParams(said as [string, string][]).toString();
  return query === "" ? "/sagas" : `/sagas?${query}`;
}

/** What the API is asked for: sagas in these states that pass the filters; `now` is in milliseconds. */
export function listRequestOf(
  { saga = "", step = "", age, text = "" }: Filters,
  states: readonly SagaState[],
  now: number,
): MessageInitShape<typeof ListSagasRequestSchema> {
  const startedAfter = age && timestampFromMs(now - AGES[age]);
  return { states: [...states], saga, step, text, ...(startedAfter && { startedAfter }) };
}

/** The states of the list below the stuck ones: those that are asked for, or all others. */
export function statesOf({ state }: Filters): readonly SagaState[] {
  return state === undefined ? Object.values(STATES).filter((one) => one !== SagaState.STUCK) : [STATES[state]];
}

/** What is looked for if this is typed; undefined if the contract allows no such text. */
export function textOf(typed: string): string | undefined {
  const text = typed.trim();
  return /^[!-~]{0,64}$/.test(text) ? text : undefined;
}

/** Whether anything but a state is asked for. */
export function isNarrow({ saga, step, age, text }: Filters): boolean {
  return [saga, step, age, text].some((filter) => filter !== undefined);
}

function keyOf<Key extends string>(choices: Readonly<Record<Key, unknown>>, said: string | null): Key | undefined {
  return said !== null && Object.hasOwn(choices, said) ? (said as Key) : undefined;
}

function wordOf(said: string | null, shape: RegExp): string | undefined {
  const word = said?.trim();
  return word !== undefined && shape.test(word) ? word : undefined;
}
