import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { SagaState, SagaSummarySchema } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { heldRows, heldWords } from "./held.ts";

/** A saga whose id is the time when it started. */
const saga = (time: number, state = SagaState.RUNNING) =>
  create(SagaSummarySchema, { sagaId: String(time), state, startedAt: timestampFromMs(time) });
const ids = (rows: readonly { sagaId: string }[]) => rows.map(({ sagaId }) => Number(sagaId));

test("rows that are held stay in their places, and say what is known now", () => {
  const { rows, news, gone } = heldRows([saga(9), saga(8)], [saga(10), saga(9, SagaState.COMPLETED), saga(8)]);
  expect(ids(rows)).toEqual([9, 8]);
  expect(rows[0]?.state).toBe(SagaState.COMPLETED);
  expect([news, gone.size]).toEqual([1, 0]);
});

test("a row that has left the list keeps its place, and is told to be gone", () => {
  const { rows, gone } = heldRows([saga(9), saga(8)], [saga(8)]);
  expect(ids(rows)).toEqual([9, 8]);
  expect([...gone]).toEqual(["9"]);
});

test("older rows follow those that are held, since they push nothing away", () => {
  const { rows, news } = heldRows([saga(9), saga(8)], [saga(10), saga(9), saga(8), saga(7)]);
  expect(ids(rows)).toEqual([9, 8, 7]);
  expect(news).toBe(1);
});

test("what is held back is told in words", () => {
  expect(heldWords({ news: 0, gone: new Set() })).toBeUndefined();
  expect(heldWords({ news: 2, gone: new Set() })).toBe("held still under the pointer: 2 new");
  expect(heldWords({ news: 1, gone: new Set(["9"]) })).toBe("held still under the pointer: 1 new, 1 gone");
});
