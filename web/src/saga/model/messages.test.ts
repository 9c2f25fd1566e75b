import { assert, expect, test } from "vitest";
import { runOfActs, sentAt, type Act } from "./fixtures/acts.ts";
import { CREATE_ORDER } from "./fixtures/definitions.ts";
import { endOf, messagesOf, sinceStart } from "./messages.ts";
import type { Step } from "./run.ts";

const step = (act: Act): Step => {
  const [found] = runOfActs(CREATE_ORDER, "running", [act]).sent;
  assert(found);
  return found;
};

test("a command is told with each sending and its reply, by their ids", () => {
  const messages = messagesOf(step(["create-ticket", "refused", 2, "OUT_OF_STOCK"]));
  expect(messages.map(({ text, at, id }) => [text, at, id?.value])).toEqual([
    ["Command sent to kitchen", sentAt(0), "command create-ticket"],
    ["Sent again, 2nd time", sentAt(0) + 10, "command create-ticket"],
    ["Sent again, 3rd time", sentAt(0) + 20, "command create-ticket"],
    ["Reply: refused, OUT_OF_STOCK", sentAt(0) + 500, "reply create-ticket"],
  ]);
});

test("what became of a command is told for every outcome", () => {
  const outcomes = (["sent", "succeeded", "refused", "unknown"] as const).map((outcome) => {
    const message = messagesOf(step(["create-ticket", outcome])).at(-1);
    return [message?.text, message?.id?.value];
  });
  expect(outcomes).toEqual([
    ["Reply awaited", "reply create-ticket"],
    ["Reply: succeeded", "reply create-ticket"],
    ["Reply: refused", "reply create-ticket"],
    ["Given up: no reply came", undefined],
  ]);
});

test("sendings whose times are not told are counted between the first and the latest", () => {
  const texts = messagesOf(step(["create-ticket", "sent", 40])).map(({ text }) => text);
  expect(texts.slice(0, 3)).toEqual([
    "Command sent to kitchen",
    "Sent 25 times more; their times are not told",
    "Sent again, 27th time",
  ]);
  expect(messagesOf(step(["create-ticket", "sent", 16]))[1]?.text).toBe("Sent once more; its time is not told");
});

test("times are told from the start, and the end when there is one", () => {
  const run = runOfActs(CREATE_ORDER, "running", [["create-ticket", "sent"]]);
  expect(sinceStart(run, sentAt(1) + 200)).toBe("+1.2 s");
  expect(sinceStart(run, sentAt(10) + 120)).toBe("+10.1 s");
  expect(endOf(run)).toBeUndefined();
  const over = runOfActs(CREATE_ORDER, "compensated", [
    ["create-ticket", "refused"],
    ["reject-order", "succeeded"],
  ]);
  expect(endOf(over)).toEqual({ text: "Saga undone", at: sentAt(2) });
});
