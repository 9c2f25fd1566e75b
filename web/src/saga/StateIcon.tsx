import { Sign } from "../ui/Sign.tsx";
import type { SignName } from "../ui/signs.ts";
import type { StepState } from "./model/run.ts";
import type { Standing } from "./model/told.ts";

const OF_STANDING: Readonly<Record<Standing, SignName>> = {
  running: "running",
  compensating: "undoing",
  completed: "succeeded",
  compensated: "undone",
  stuck: "stuck",
  unknown: "unknown",
};

/** The sign of a step's state. */
export function StateIcon({ state }: { state: StepState }) {
  return <Sign of={state === "standby" ? "ahead" : state} />;
}

/** The sign of a saga's state. */
export function StandingIcon({ standing }: { standing: Standing }) {
  return <Sign of={OF_STANDING[standing]} />;
}
