import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { assert, expect, test } from "vitest";
import { CardText, QuietText } from "./CardText.tsx";
import { runOfActs, sentAt, type Act } from "./model/fixtures/acts.ts";
import { CREATE_ORDER } from "./model/fixtures/definitions.ts";
import type { Step } from "./model/run.ts";

const words = (element: ReactElement) =>
  renderToStaticMarkup(element)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

const step = (name: string, ...acts: Act[]): Step => {
  const found = runOfActs(CREATE_ORDER, "running", acts).steps.find((candidate) => candidate.name === name);
  assert(found);
  return found;
};

test("a card tells how long its command took and how often it was sent", () => {
  const told = (repeats: number) =>
    words(
      <CardText
        step={step("create-ticket", ["create-ticket", "succeeded", repeats])}
        now={0}
        isNext={false}
        fit={undefined}
      />,
    );
  expect(told(2)).toBe("compensatable kitchen Create ticket Done 500 ms · sent 3×");
  expect(told(0)).toBe("compensatable kitchen Create ticket Done 500 ms");
});

test("a card tells how long its command is awaited, in fewer words where they have no room", () => {
  const told = (letters: number | undefined, now: number) =>
    words(
      <CardText
        step={step("create-ticket", ["create-ticket", "sent", 1])}
        now={now}
        isNext={false}
        fit={letters === undefined ? undefined : { isStacked: false, isFlat: false, letters }}
      />,
    );
  // The second sending is awaited for 20 s.
  const before = sentAt(0) + 10 + 20_000;
  expect(told(undefined, before - 5_000)).toMatch(/Waiting sent 2× sent again in 5 s$/);
  expect(told(17, before - 5_000)).toMatch(/Waiting sent 2× sent again in 5 s$/);
  expect(told(17, before - 15_000)).toMatch(/Waiting sent 2× again in 15 s$/);
  expect(told(17, before)).toMatch(/Waiting sent 2× again any moment$/);
});

test("an undo that nothing has asked for still tells its state to a screen reader", () => {
  expect(words(<QuietText step={step("reject-ticket")} />)).toBe("Reject ticket kitchen If needed");
  const passed: Act[] = [
    ["create-ticket", "succeeded"],
    ["authorize-card", "succeeded"],
  ];
  expect(words(<QuietText step={step("reject-ticket", ...passed)} />)).toBe("Reject ticket kitchen Not needed");
});
