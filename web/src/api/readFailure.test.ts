import { Code, ConnectError } from "@connectrpc/connect";
import { NoAnswer, REASONS } from "order-saga-client";
import { expect, test } from "vitest";
import { readFailureTold } from "./readFailure.ts";

const away = new ConnectError("", Code.Unavailable, undefined, undefined, new NoAnswer());

test("nothing of a read is done already, or begun anew", () => {
  for (const error of [away, ...[Code.DeadlineExceeded, Code.Canceled].map((code) => new ConnectError("", code))]) {
    expect(readFailureTold(error, true)).not.toMatch(/done|start anew/);
  }
  expect(readFailureTold(new ConnectError("", Code.Unavailable), false)).toBe(REASONS.SERVICE_BUSY.tell);
});

test("a page says that it asks again if it does", () => {
  expect(readFailureTold(away, true)).toBe(
    "The service cannot be reached: please check the connection. This page asks again by itself.",
  );
  expect(readFailureTold(away, false)).not.toContain("asks again");
  expect(readFailureTold(new ConnectError("", Code.Unauthenticated), true)).not.toContain("asks again");
});
