import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { isMissing } from "./missing.ts";

test("what is not there is told from what cannot be read now", () => {
  const { NotFound, InvalidArgument, Unavailable, Internal, Unauthenticated, PermissionDenied } = Code;
  const codes = [NotFound, InvalidArgument, Unavailable, Internal, Unauthenticated, PermissionDenied];
  const missing = codes.filter((code) => isMissing(new ConnectError("", code)));
  expect(missing).toEqual([NotFound, InvalidArgument]);
  expect(isMissing(new TypeError("Failed to fetch"))).toBe(false);
});
