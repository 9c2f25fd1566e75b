import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { customerTold, STARTED_AT, toldOf, type Act } from "./model/fixtures/acts.ts";
import { CREATE_ORDER, sagaOfSteps } from "./model/fixtures/definitions.ts";
import type { Told } from "./model/told.ts";
import { SagaView } from "./SagaView.tsx";

const DECLINED: Act[] = [
  ["create-ticket", "succeeded"],
  ["authorize-card", "refused", 1, "CARD_DECLINED"],
  ["reject-ticket", "succeeded"],
  ["reject-order", "succeeded"],
];

/** The words of each item of the list with this name, as a screen reader has them. */
function items(markup: string, list: string): string[] {
  const [, content = ""] = new RegExp(`<ol[^>]*aria-label="${list}"[^>]*>(.*?)</ol>`).exec(markup) ?? [];
  return content.split("<li").slice(1).map(words);
}

const words = (html: string) =>
  `<li${html}`
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
const draw = (told: Told, definitions = [CREATE_ORDER]) =>
  renderToStaticMarkup(<SagaView told={told} definitions={definitions} areMissing />);

test("every step is told in words: its class, its service, its name, its state", () => {
  expect(items(draw(toldOf(CREATE_ORDER, "compensated", DECLINED)), "Steps")).toEqual([
    "compensatable kitchen Create ticket Undone 500 ms",
    "pivot billing Authorize card Refused 500 ms · sent 2×",
    "retriable kitchen Approve ticket Not needed",
    "retriable order Approve order Not needed",
    "undo billing Cancel card Not needed",
    "undo kitchen Reject ticket Done 500 ms",
    "undo order Reject order Done 500 ms",
  ]);
});

test("every step that was sent leads to its entry in the log", () => {
  const markup = draw(toldOf(CREATE_ORDER, "compensated", DECLINED));
  const targets = [...markup.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
  expect(targets).toEqual(DECLINED.map(([name]) => `${name}-${STARTED_AT}`));
  for (const id of targets) {
    expect(markup).toContain(`id="${String(id)}"`);
  }
});

test("the head tells an operator the state, why the saga turned, and how long it took", () => {
  const text = words(draw(toldOf(CREATE_ORDER, "compensated", DECLINED)));
  expect(text).toContain("Create order Undone version 1");
  expect(text).toContain("Billing refused “Authorize card”, so what was done was undone. CARD_DECLINED");
  expect(text).toContain("Took 4.0 s");
  const silent = words(draw(toldOf(CREATE_ORDER, "compensated", [["create-ticket", "unknown", 3]])));
  expect(silent).toContain("so what was done was undone. NO_ANSWER");
  // These words are a customer's.
  expect(text + silent).not.toMatch(/please (pay|order)/);
});

test("an operator is told where to look when a saga is stuck, and a customer is not", () => {
  const stuck: [standing: "stuck", acts: Act[]] = ["stuck", [["create-ticket", "sent", 5]]];
  expect(words(draw(toldOf(CREATE_ORDER, ...stuck)))).toContain("make redrive QUEUE=create-ticket");
  expect(words(draw(customerTold(CREATE_ORDER, ...stuck)))).not.toContain("make redrive");
});

test("a customer is not told what only an operator can use", () => {
  const text = words(draw(customerTold(CREATE_ORDER, "compensated", DECLINED)));
  expect(text).toContain("Create order Undone Started");
  expect(text).not.toContain("was undone. CARD_DECLINED");
});

test("the timeline has a row for each step before it is sent, and a run is played again only when it is over", () => {
  const running = draw(toldOf(CREATE_ORDER, "running", DECLINED.slice(0, 1)));
  expect(items(running, "Timeline")).toEqual([
    "Create ticket Done, after 500 ms",
    "Authorize card Next",
    "Approve ticket Waits its turn",
    "Approve order Waits its turn",
  ]);
  expect(running).not.toContain("Play again");
  const over = draw(toldOf(CREATE_ORDER, "compensated", DECLINED));
  expect(items(over, "Timeline").slice(2)).toEqual([
    "Approve ticket Not needed",
    "Approve order Not needed",
    "Reject ticket Done, after 500 ms",
    "Reject order Done, after 500 ms",
  ]);
  expect(over).toContain("Play again");
  expect(draw(toldOf(CREATE_ORDER, "stuck", [["create-ticket", "sent", 5]]))).not.toContain("Play again");
});

test("the log has ids that can be copied where they are known, and none for a customer", () => {
  const ids = (markup: string) => [...markup.matchAll(/aria-label="Copy ([^"]*)"/g)].map(([, what]) => what);
  expect(ids(draw(toldOf(CREATE_ORDER, "running", DECLINED.slice(0, 1))))).toEqual([
    "the saga's id 0b0f3f1e-9f5c-4d6e-8a3b-2f1c5d7e9a10".replace("'", "&#x27;"),
    "the id of what the saga is about order-1",
    "the event's id event-1".replace("'", "&#x27;"),
    "the id of create-ticket command create-ticket",
  ]);
  expect(ids(draw(customerTold(CREATE_ORDER, "running", DECLINED.slice(0, 1))))).toEqual([]);
});

test("the deadline counts down from the latest time that is known", () => {
  // No clock is ahead of this time, so that it is taken for now.
  const sent = Date.UTC(2200, 0, 1);
  const told = toldOf(CREATE_ORDER, "running", [["create-ticket", "sent"]]);
  const commands = told.commands.map((command) => ({ ...command, sentAt: [sent] }));
  const late = { ...told, startedAt: sent, commands, deadline: sent + 61_000 };
  expect(words(draw(late))).toContain(": sent once, sent again in 1 min 1 s, given up in 3 min 21 s.");
  expect(words(draw(late))).toContain("Timeline sent again in 1 min 1 s");
  expect(words(draw({ ...late, deadline: sent }))).toContain("Timeline sent again any moment");
});

test("a saga that is not ours is drawn from its definition alone", () => {
  const tour = sagaOfSteps(12);
  const markup = draw(
    toldOf(tour, "running", [
      ["step-0", "succeeded"],
      ["step-1", "sent"],
    ]),
    [CREATE_ORDER, tour],
  );
  expect(items(markup, "Steps")).toHaveLength(tour.commands.length);
  expect(words(markup)).toContain(
    "Waits for kitchen’s reply to “Step 1” : sent once, sent again any moment. Then comes “Step 2”.",
  );
});

test("a version whose definition is gone is told as its commands were sent", () => {
  const gone = { ...toldOf(CREATE_ORDER, "compensated", DECLINED), version: 9 };
  expect(items(draw(gone), "Steps")).toHaveLength(DECLINED.length);
  expect(words(draw(gone))).toContain("definition is not known any more");
  expect(words(draw(toldOf(CREATE_ORDER, "compensated", DECLINED)))).not.toContain("not known any more");
});

test("no step is drawn before it is known how the saga is made, unless that cannot be read", () => {
  const told = toldOf(CREATE_ORDER, "running", DECLINED.slice(0, 1));
  const draft = (areMissing: boolean) =>
    renderToStaticMarkup(<SagaView told={told} definitions={undefined} areMissing={areMissing} />);
  expect(items(draft(false), "Steps")).toEqual([]);
  expect(words(draft(false))).toContain("Create order Running");
  expect(items(draft(true), "Steps")).toEqual(["kitchen Create ticket Done 500 ms"]);
  expect(words(draft(true))).toContain("How this saga is made could not be read");
});

test("a record that cannot be read is told to be that", () => {
  const unread: Told = { ...customerTold(CREATE_ORDER, "unknown", []), name: "", version: 0, startedAt: undefined };
  expect(words(draw(unread))).toContain("A saga Unknown Its record cannot be read now");
});
