import type { Api, Order } from "../../src/index.ts";
import { SagaState, type SagaSummary } from "../../src/operations.ts";
import { check, until } from "./cast.ts";

/** The two sagas of an order that was canceled, as an operator sees them; what they are made of, as both do. */
export async function watched(customer: Api, operator: Api, { orderId, createdAt }: Order): Promise<void> {
  const ended = await until(async () => {
    const found: SagaSummary[] = [];
    let pageToken = "";
    do {
      const page = await operator.sagas.listSagas({ text: orderId, startedAfter: createdAt, pageSize: 100, pageToken });
      found.push(...page.sagas);
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found.length === 2 && found.every(({ endedAt }) => endedAt !== undefined) ? found : undefined;
  }, "both sagas are listed");
  const { definitions } = await customer.sagas.describeSaga({});
  check(definitions.length >= 2, "every definition is told", definitions);
  for (const { sagaId, subject, name, version } of ended) {
    const { saga } = await operator.sagas.getSaga({ sagaId });
    check(saga?.state === SagaState.COMPLETED && saga.subject === orderId && subject === orderId, "it is told", saga);
    const definition = definitions.find((known) => known.name === name && known.version === version);
    const isKnown = saga.commands.every((sent) => definition?.commands.some((known) => known.name === sent.name));
    check(isKnown && saga.commands.length > 0, "each command is one of the definition's", saga);
  }
}
