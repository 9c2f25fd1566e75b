import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";

const DEPLOYED = { apiUrl: "https://api.test", issuer: "https://issuer.test/", clientId: "console", audience: "api" };

test("a deployed console has no local part", () => {
  expect(parseConfig(DEPLOYED)).toEqual(DEPLOYED);
});

test("what is missing is named", () => {
  for (const name of Object.keys(DEPLOYED)) {
    expect(() => parseConfig({ ...DEPLOYED, [name]: "" })).toThrow(name);
    expect(() => parseConfig({ ...DEPLOYED, [name]: 1 })).toThrow(name);
  }
  expect(() => parseConfig({ ...DEPLOYED, local: {} })).toThrow("troubleUrl");
  expect(() => parseConfig("config")).toThrow("JSON object");
});
