import type { SagaSummary } from "order-saga-client/operations";
import { useMemo } from "react";
import type { Plan } from "../../saga/model/plan.ts";
import { stripOf } from "../../saga/model/strip.ts";
import { outcomeOf, standingOf } from "../../saga/model/told.ts";
import { Strip } from "../../saga/Strip.tsx";

/** How far a saga got, as far as its summary and its plan tell. */
export function Progress({ saga: { state, latest, reason, turnedAt }, plan }: { saga: SagaSummary; plan: Plan }) {
  const name = latest?.name;
  const outcome = latest && outcomeOf(latest.state);
  // Each answer of the API is a new object, mostly with the same in it.
  const boxes = useMemo(() => {
    const sending = name !== undefined && outcome !== undefined ? { name, outcome } : undefined;
    return stripOf(plan, { standing: standingOf(state), latest: sending, reason, turnedAt });
  }, [plan, state, name, outcome, reason, turnedAt]);
  return <Strip boxes={boxes} />;
}
