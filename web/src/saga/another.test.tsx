import { renderToStaticMarkup } from "react-dom/server";
import { CommandClass } from "order-saga-client/operations";
import { expect, test } from "vitest";
import { sagaOf } from "./model/fixtures/acts.ts";
import { definitionOf, type StepRow } from "./model/fixtures/definitions.ts";
import { fromSaga } from "./model/told.ts";
import { SagaView } from "./SagaView.tsx";

const { COMPENSATABLE, PIVOT, RETRIABLE } = CommandClass;

/** A saga that nobody here has: each of its steps is drawn from its definition alone. */
const BOOKING: StepRow[] = [
  ["hold-table", "hall", COMPENSATABLE, "free-table"],
  ["take-deposit", "till", PIVOT],
  ["confirm-booking", "hall", RETRIABLE],
];

/** The same saga with a step more, as a colleague would add it. */
const LONGER = BOOKING.toSpliced(1, 0, ["reserve-parking", "garage", COMPENSATABLE, "free-parking"]);

function drawn(steps: readonly StepRow[]): string {
  const definition = definitionOf("book-table", steps, "drop-booking");
  const saga = sagaOf(definition, "running", [
    ["hold-table", "succeeded"],
    [steps[1]?.[0] ?? "", "sent"],
  ]);
  return renderToStaticMarkup(<SagaView told={fromSaga(saga)} definitions={[definition]} areMissing={false} />);
}

test("a saga that the console has never heard of is drawn, with a step that is added to it", () => {
  const before = drawn(BOOKING);
  const after = drawn(LONGER);
  const told = ["Hold table", "Free table", "Take deposit", "Confirm booking", "Drop booking"];
  for (const step of told) {
    expect(before).toContain(step);
    expect(after).toContain(step);
  }
  for (const added of ["Reserve parking", "Free parking", "garage"]) {
    expect(before).not.toContain(added);
    expect(after).toContain(added);
  }
  const lines = (markup: string) => markup.match(/<path/g)?.length ?? 0;
  expect(lines(after), "lines lead to the new step").toBeGreaterThan(lines(before));
});
