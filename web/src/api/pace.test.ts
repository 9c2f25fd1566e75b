import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { ErrorInfoSchema } from "../../client/src/gen/proto/google/rpc/error_details_pb.js";
import { again, mayPass, pauseOf } from "./pace.ts";

const away = new ConnectError("", Code.Unavailable);
const failed = (error: Error, ...inARow: number[]) =>
  inARow.map((failures) => pauseOf(1_000, { error, inARow: failures }));

test("what is answered is asked for at its own pace", () => {
  expect(pauseOf(1_000)).toBe(1_000);
  expect(pauseOf(false)).toBe(false);
});

test("each failure that follows another doubles the pause, up to half a minute", () => {
  expect(failed(away, 1, 2, 3, 4, 5, 1_000)).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
});

test("what would not be asked for any more is, until there is an answer", () => {
  expect(pauseOf(false, { error: away, inARow: 1 })).toBe(5_000);
});

test("no failure makes a page ask sooner than it would, or than the API asks for", () => {
  expect(pauseOf(45_000, { error: away, inARow: 1 })).toBe(45_000);
});

test("what was refused is not asked for again, nor what is broken, which would ring the alarm of the API's failures", () => {
  const refused = [
    Code.Unauthenticated,
    Code.PermissionDenied,
    Code.NotFound,
    Code.InvalidArgument,
    Code.Unimplemented,
  ];
  for (const code of [...refused, Code.Internal, Code.DataLoss]) {
    expect(failed(new ConnectError("", code), 1, 2)).toEqual([false, false]);
  }
  for (const error of [away, new ConnectError("", Code.Unknown), new TypeError("Failed to fetch")]) {
    expect(mayPass(error)).toBe(true);
  }
});

test("a reason for which no repeat helps is asked for no more, whatever its code", () => {
  const mayPassFor = (reason: string) =>
    mayPass(new ConnectError("", Code.Unavailable, undefined, [{ desc: ErrorInfoSchema, value: { reason } }]));
  expect(["SERVICE_FAILED", "ORDER_NOT_FOUND", "SERVICE_BUSY", "A_NEWER_REASON"].map(mayPassFor)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test("only the failures since the latest answer count", () => {
  const query = { state: { data: "old", error: null as Error | null, dataUpdateCount: 1, errorUpdateCount: 0 } };
  const pause = again<string>(() => 1_000);
  const fails = () => {
    query.state = { ...query.state, error: away, errorUpdateCount: query.state.errorUpdateCount + 1 };
    return pause(query);
  };
  const answers = () => {
    query.state = { ...query.state, error: null, dataUpdateCount: query.state.dataUpdateCount + 1 };
    return pause(query);
  };
  expect(pause(query)).toBe(1_000);
  expect([fails(), fails(), fails()]).toEqual([5_000, 10_000, 20_000]);
  expect(pause(query), "asked twice").toBe(20_000);
  expect(answers()).toBe(1_000);
  expect([fails(), fails()]).toEqual([5_000, 10_000]);
});
