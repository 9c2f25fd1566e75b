import { SagaState, type Saga } from "order-saga-client/operations";
import type { Pace } from "../pace.ts";

/** The pace of a saga. What cannot be found does not change. */
export function paceOf(saga: Pick<Saga, "state"> | undefined): Pace {
  switch (saga?.state) {
    case undefined:
    case SagaState.COMPLETED:
    case SagaState.COMPENSATED:
      return "settled";
    case SagaState.RUNNING:
    case SagaState.COMPENSATING:
      return "moving";
    default:
      return "waiting";
  }
}
