import type { Trouble } from "./troubles.ts";

/** A trouble that is off, but for what a test says of it. */
export function troubleOf(said: Partial<Trouble> = {}): Trouble {
  return {
    id: "silent-kitchen",
    title: "Kitchen is silent",
    promise: "Silence is not failure",
    shows: "A command is repeated.",
    lookFor: "It waits.",
    takesSeconds: 30,
    lastsSeconds: 20,
    order: { cardToken: "tok_visa", moreThanThereIs: false },
    on: null,
    waitsFor: null,
    ...said,
  };
}

/** How a trouble that is on says so. */
export const ON = { since: "2026-11-26T11:00:00Z", endsAt: "2026-11-26T11:00:20Z" };
