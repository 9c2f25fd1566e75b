import { Code } from "@connectrpc/connect";
import { entryOf, reasonOf } from "order-saga-client";

/** How fast what a page shows changes by itself; `settled` if it does not any more. */
export type Pace = "moving" | "waiting" | "settled";

/** How long to wait before asking again, in milliseconds; not at all for what is settled. */
export const PAUSES = { moving: 1_000, waiting: 5_000, settled: false } as const satisfies Record<Pace, number | false>;

/** The pause after a failure; it doubles with each failure that follows. */
const FAILED_MS = 5_000;
const LONGEST_MS = 30_000;

/** What is refused or broken in one of these ways is so again, until somebody does something. */
const REFUSED: readonly Code[] = [
  Code.Unauthenticated,
  Code.PermissionDenied,
  Code.NotFound,
  Code.InvalidArgument,
  Code.Unimplemented,
  Code.Internal,
  Code.DataLoss,
];

/** Whether asking again may help, after this failure of a read. */
export function mayPass(error: unknown): boolean {
  const { code, name } = reasonOf(error);
  return !REFUSED.includes(code) && entryOf(name)?.retry !== "never";
}

/** How long until a page asks again: `usual`, unless its latest answers, so many `inARow`, were failures. */
export function pauseOf(usual: number | false, latest?: { error: unknown; inARow: number }): number | false {
  if (latest === undefined) {
    return usual;
  }
  if (!mayPass(latest.error)) {
    return false;
  }
  const growing = Math.min(LONGEST_MS, FAILED_MS * 2 ** (latest.inARow - 1));
  // What the API asks for itself, and what a long list takes, may be more.
  return Math.max(growing, usual || 0, reasonOf(latest.error).retryAfterMs ?? 0);
}

/** What the cache tells of a query, as far as it matters here. */
interface Asked<Data> {
  state: {
    data: Data | undefined;
    error: Error | null;
    dataUpdateCount: number;
    errorUpdateCount: number;
  };
}

/** The `refetchInterval` of whatever is asked again and again: `usual` says how often while it is answered. */
export function again<Data>(usual: (data: Data | undefined) => number | false): (query: Asked<Data>) => number | false {
  return (query) => {
    const { data, error } = query.state;
    const inARow = failuresInARow(query);
    return pauseOf(usual(data), error === null ? undefined : { error, inARow });
  };
}

/** How many answers a query has had, and how many failures there had been by then. */
const seen = new WeakMap<Asked<unknown>, { answers: number; failures: number }>();

/** The cache counts all failures; those since the latest answer are the ones that matter. */
function failuresInARow(query: Asked<unknown>): number {
  const { error, dataUpdateCount: answers, errorUpdateCount: failures } = query.state;
  let before = seen.get(query);
  if (before?.answers !== answers) {
    before = { answers, failures: error === null ? failures : Math.max(0, failures - 1) };
    seen.set(query, before);
  }
  return failures - before.failures;
}
