import { create } from "@bufbuild/protobuf";
import { ListSagasRequestSchema, SagaSummarySchema } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { failsAlone, mayBeStuck } from "./stuck.ts";

test("sagas may be stuck if some are, or if older ones were not looked at yet", () => {
  const next = create(ListSagasRequestSchema);
  expect(mayBeStuck({ data: undefined })).toBe(false);
  expect(mayBeStuck({ data: { sagas: [], next: undefined } })).toBe(false);
  expect(mayBeStuck({ data: { sagas: [create(SagaSummarySchema)], next: undefined } })).toBe(true);
  expect(mayBeStuck({ data: { sagas: [], next } })).toBe(true);
});

test("what fails is told of the stuck sagas only if the others were listed since", () => {
  const error = new Error("away");
  const works = { error: null, dataUpdatedAt: 20, errorUpdatedAt: 0 };
  expect(failsAlone({ error, errorUpdatedAt: 10 }, works)).toBe(true);
  expect(failsAlone({ error, errorUpdatedAt: 30 }, works), "the others are about to fail as well").toBe(false);
  expect(failsAlone({ error, errorUpdatedAt: 10 }, { ...works, error }), "nothing can be listed").toBe(false);
  expect(failsAlone({ error: null, errorUpdatedAt: 10 }, works), "it works again").toBe(false);
});
