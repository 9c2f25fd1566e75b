import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createQueryOptions } from "@connectrpc/connect-query";
import { queryOptions, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { onceBy } from "order-saga-client";
import { again } from "./pace.ts";

/** What the cache tells whoever reads for it. */
export interface Reading {
  client: QueryClient;
  queryKey: QueryKey;
}

/** Whether nothing was ever tried: only the first read is repeated by the client, as the others are followed by the next anyway. */
export function isFirst({ client, queryKey }: Reading): boolean {
  const state = client.getQueryState(queryKey);
  return state === undefined || state.dataUpdateCount + state.errorUpdateCount === 0;
}

/** The options of a query that is asked again and again: each time after the first is one attempt. */
export function polled<Context, Answer, Options extends { queryFn: (context: Context & Reading) => Answer }>(
  transport: Transport,
  optionsBy: (transport: Transport) => Options & { queryFn: (context: Context & Reading) => Answer },
): Options {
  const [first, next] = [optionsBy(transport), optionsBy(onceBy(transport))];
  return { ...first, queryFn: (context: Context & Reading) => (isFirst(context) ? first : next).queryFn(context) };
}

/** How a method is asked again and again: `usual` says after how long while it is answered. */
export function polling<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
  usual: (data: MessageShape<O> | undefined) => number | false,
) {
  const asked = polled(transport, (transport) => createQueryOptions(method, input, { transport }));
  return queryOptions({ ...asked, refetchInterval: again(usual) });
}
