import { Code, ConnectError } from "@connectrpc/connect";
import { NoAnswer } from "order-saga-client";
import { afterEach, expect, test, vi } from "vitest";
import { sent, Unsent } from "./unsent.ts";

const NO_ANSWER = new ConnectError("lost", Code.Unavailable, undefined, undefined, new NoAnswer("lost"));
const ISSUER_AWAY = new ConnectError(
  "no token",
  Code.Unavailable,
  undefined,
  undefined,
  new TypeError("Failed to fetch"),
);
const REFUSED = new ConnectError("the price has changed", Code.FailedPrecondition);

/** A device with a network or without, whose browser tells when it comes. */
function device(onLine: boolean) {
  const window = new EventTarget();
  const left = vi.spyOn(window, "removeEventListener");
  vi.stubGlobal("window", window);
  vi.stubGlobal("navigator", { onLine });
  return { comes: () => window.dispatchEvent(new Event("online")), left };
}

afterEach(() => vi.unstubAllGlobals());

test("what gets no answer from a device that was offline all the time was not sent", async () => {
  for (const error of [NO_ANSWER, ISSUER_AWAY]) {
    const { left } = device(false);
    await expect(sent(() => Promise.reject(error))).rejects.toBeInstanceOf(Unsent);
    expect(left).toHaveBeenCalledOnce();
  }
});

test("a refusal is told as it is, although the browser knows of no network: a local API answers without", async () => {
  device(false);
  await expect(sent(() => Promise.reject(REFUSED))).rejects.toBe(REFUSED);
});

test("what gets no answer may have been sent if there was a network meanwhile", async () => {
  const { comes } = device(false);
  const call = () => {
    comes();
    return Promise.reject(NO_ANSWER);
  };
  await expect(sent(call)).rejects.toBe(NO_ANSWER);
});

test("what gets no answer may have been sent if there was a network at first", async () => {
  device(true);
  await expect(sent(() => Promise.reject(NO_ANSWER))).rejects.toBe(NO_ANSWER);
});

test("an answer is an answer", async () => {
  device(false);
  await expect(sent(() => Promise.resolve("order 1"))).resolves.toBe("order 1");
});
