import { expect, test } from "vitest";
import { claimsOf } from "./claims.ts";

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;

test("the permissions of a token are read", () => {
  expect(claimsOf(token({ sub: "é?>", permissions: ["read:orders", "create:orders"] })).permissions).toEqual([
    "read:orders",
    "create:orders",
  ]);
});

test("a token says whose it is", () => {
  expect(claimsOf(token({ sub: "auth0|é" })).subject).toBe("auth0|é");
  for (const odd of [token({}), token({ sub: 7 }), token(null), "no-token", "", "a.%%%.c"]) {
    expect(claimsOf(odd).subject).toBeUndefined();
  }
});

test("a token that says nothing of permissions has none", () => {
  for (const odd of [token({}), token({ permissions: "all" }), token(null), "no-token", "", "a.%%%.c"]) {
    expect(claimsOf(odd).permissions).toEqual([]);
  }
  expect(claimsOf(token({ permissions: [1, "read:orders", null] })).permissions).toEqual(["read:orders"]);
});
