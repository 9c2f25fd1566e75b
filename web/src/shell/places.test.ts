import { expect, test } from "vitest";
import type { Config } from "../config.ts";
import { homeOf, isFor, placesOf, whoseIs } from "./places.ts";

const DEPLOYED: Config = { apiUrl: "https://a.test", issuer: "https://i.test/", clientId: "console", audience: "api" };
const LOCAL: Config = { ...DEPLOYED, local: { troubleUrl: "http://127.0.0.1:9082" } };
const person = (...permissions: string[]) => ({ subject: "s", name: "S", permissions: new Set(permissions) });

test("everybody sees what they have a use for, and begins there", () => {
  const cases: [string[], string[]][] = [
    [
      ["create:orders", "read:orders"],
      ["Menu", "My orders"],
    ],
    [["read:tickets"], ["Kitchen"]],
    [["read:operations"], ["Sagas"]],
    [[], []],
  ];
  for (const [permissions, names] of cases) {
    expect(placesOf(person(...permissions), DEPLOYED).map(({ name }) => name)).toEqual(names);
    expect(placesOf(person(...permissions), LOCAL).map(({ name }) => name)).toEqual([...names, "Trouble"]);
  }
  expect(homeOf(person("read:tickets"), LOCAL)).toBe("/kitchen");
  expect(homeOf(person(), DEPLOYED)).toBe("/nothing");
});

test("a path is for whoever has a use for its place", () => {
  const cases: [string, string, boolean][] = [
    ["read:orders", "/orders/1", true],
    ["read:orders", "/sagas/1", false],
    ["read:orders", "/sagas", false],
    ["read:operations", "/sagas", true],
    ["read:operations", "/trouble", false],
    ["read:operations", "/sagasx", true],
    ["", "/", true],
  ];
  for (const [permission, path, may] of cases) {
    expect(isFor(person(permission), DEPLOYED, path), path).toBe(may);
  }
});

test("whoever has no use for a path is told for whom it is", () => {
  const paths = ["/menu", "/orders/1", "/kitchen", "/sagas/1", "/trouble", "/nothing", "/sagasx"];
  expect(paths.map(whoseIs)).toEqual(["customers", "customers", "cooks", "operators", undefined, undefined, undefined]);
});
