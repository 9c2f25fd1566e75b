import { create } from "@bufbuild/protobuf";
import { SagaProgressSchema } from "order-saga-client";
import { SagaSchema } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { fromProgress, fromSaga } from "./told.ts";

test("a state that the console does not know is not known, and what is absent stays absent", () => {
  const customer = fromProgress(create(SagaProgressSchema, { steps: [{ name: "a" }] }));
  const operator = fromSaga(create(SagaSchema, { commands: [{ name: "a" }] }));
  for (const told of [customer, operator]) {
    expect(told).toMatchObject({ standing: "unknown", startedAt: undefined, endedAt: undefined, startedBy: undefined });
    expect(told.commands).toMatchObject([
      { outcome: "unknown", sentAt: [], endedAt: undefined, commandId: undefined, replyId: undefined },
    ]);
  }
});
