import { SagaService, SagaState, type Saga } from "order-saga-client/operations";
import type { Transport } from "@connectrpc/connect";
import { PAUSES, type Pace } from "../../api/pace.ts";
import { polling } from "../../api/poll.ts";

/** How a saga is asked for, as long as it moves. */
export function sagaOptions(transport: Transport, sagaId: string) {
  return polling(transport, SagaService.method.getSaga, { sagaId }, (data) => PAUSES[sagaPace(data?.saga)]);
}

/** The pace of a saga. What cannot be found does not change. */
export function sagaPace(saga: Pick<Saga, "state"> | undefined): Pace {
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
