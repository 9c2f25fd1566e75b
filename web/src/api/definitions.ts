import { useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { useQuery } from "@tanstack/react-query";
import { SagaService, type SagaDefinition } from "order-saga-client/operations";
import { PAUSES } from "./pace.ts";
import { polling } from "./poll.ts";

/** How the definitions are asked for: until they are there, and not again, since a published definition never changes. */
export function definitionsOptions(transport: Transport) {
  return { ...polling(transport, SagaService.method.describeSaga, {}, () => PAUSES.settled), staleTime: Infinity };
}

/** What is known of how sagas are made. */
export interface Definitions {
  /** Undefined as long as they are not there. */
  definitions: readonly SagaDefinition[] | undefined;
  /** Whether they could not be read so far. */
  areMissing: boolean;
}

/** The definitions that are known; one question for all pages. */
export function useDefinitions(): Definitions {
  const { data, errorUpdateCount } = useQuery(definitionsOptions(useTransport()));
  return { definitions: data?.definitions, areMissing: data === undefined && errorUpdateCount > 0 };
}
