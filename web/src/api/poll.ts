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

/** Whether somebody has pressed for the next page of a list, and nothing asks for it again if it does not come. */
function isPressed({ client, queryKey }: Reading): boolean {
  return client.getQueryState(queryKey)?.fetchMeta?.fetchMore?.direction === "forward";
}

/** The cache keeps a failure as it is, and forgets what it is of as soon as it asks again. */
const failuresOfPresses = new WeakSet();

/** Whether it is a press for the next page that has failed, and what is shown is as good as before. */
export function isOfPress(error: Error | null): boolean {
  return error !== null && failuresOfPresses.has(error);
}

/** The options of a query that is asked again and again: each time after the first is one attempt, unless somebody has pressed. */
export function polled<Context, Answer, Options extends { queryFn: (context: Context & Reading) => Answer }>(
  transport: Transport,
  optionsBy: (transport: Transport) => Options & { queryFn: (context: Context & Reading) => Answer },
): Options {
  const [first, next] = [optionsBy(transport), optionsBy(onceBy(transport))];
  const queryFn = (context: Context & Reading) => {
    if (!isPressed(context)) {
      return (isFirst(context) ? first : next).queryFn(context);
    }
    const answer = first.queryFn(context);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => error instanceof Error && failuresOfPresses.add(error));
    }
    return answer;
  };
  return { ...first, queryFn };
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
