import { Code, ConnectError } from "@connectrpc/connect";
import { connect, isNoAnswer, NoAnswer, REASONS } from "order-saga-client";
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
  expect(readFailureTold(new ConnectError("", Code.Internal), true)).toMatch(
    / This page does not ask again by itself\.$/,
  );
  expect(readFailureTold(new ConnectError("", Code.Internal), false)).not.toContain("ask again");
  expect(readFailureTold(new ConnectError("", Code.Unauthenticated), true)).not.toMatch(/asks? again/);
});

test("an issuer that cannot be reached for a new token is no busy service", async () => {
  const tokens = () => Promise.reject(new TypeError("Failed to fetch"));
  const api = connect({ baseUrl: "https://api.test", tokens, patience: { attempts: 1 } });
  const error: unknown = await api.orders.listProducts({}).catch((error: unknown) => error);
  expect(isNoAnswer(error)).toBe(false);
  expect(readFailureTold(error, false)).toBe("The service cannot be reached: please check the connection.");
});
