import { SagaState, type Saga } from "order-saga-client/operations";

const MOVING_MS = 1_000;
const WAITING_MS = 5_000;

/** When to ask for the saga again, in milliseconds; false if nothing changes any more. */
export function askAgainAfter(saga: Pick<Saga, "state"> | undefined): number | false {
  // What cannot be found is not asked for again and again.
  if (saga === undefined || saga.state === SagaState.COMPLETED || saga.state === SagaState.COMPENSATED) {
    return false;
  }
  return saga.state === SagaState.RUNNING || saga.state === SagaState.COMPENSATING ? MOVING_MS : WAITING_MS;
}
