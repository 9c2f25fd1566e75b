import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { SagaSummary } from "order-saga-client/operations";

/** A list that stands still. */
export interface Held {
  rows: readonly SagaSummary[];
  /** How many sagas have come that would push the rows down. */
  news: number;
  /** The ids of the rows that are not in the list any more. */
  gone: ReadonlySet<string>;
}

/** The rows that were there, in their places, with what is known of them now; older ones may follow them. */
export function heldRows(before: readonly SagaSummary[], now: readonly SagaSummary[]): Held {
  const [had, has] = [byId(before), byId(now)];
  const added = now.filter(({ sagaId }) => !had.has(sagaId));
  const last = Math.min(...before.map(startOf));
  const older = added.filter((saga) => startOf(saga) < last);
  return {
    rows: [...before.map((saga) => has.get(saga.sagaId) ?? saga), ...older],
    news: added.length - older.length,
    gone: new Set(before.map(({ sagaId }) => sagaId).filter((id) => !has.has(id))),
  };
}

/** What a held list does not show, in words; undefined if that is nothing. */
export function heldWords({ news, gone }: Pick<Held, "news" | "gone">): string | undefined {
  const told = [...(news > 0 ? [`${news} new`] : []), ...(gone.size > 0 ? [`${gone.size} gone`] : [])];
  return told.length > 0 ? `held still under the pointer: ${told.join(", ")}` : undefined;
}

function byId(sagas: readonly SagaSummary[]): ReadonlyMap<string, SagaSummary> {
  return new Map(sagas.map((saga) => [saga.sagaId, saga]));
}

/** A saga whose start is not known comes last. */
function startOf({ startedAt }: SagaSummary): number {
  return startedAt ? timestampMs(startedAt) : 0;
}
