import { createConnectQueryKey, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { KitchenService, type ListStockResponse } from "order-saga-client";
import { useAccess } from "./ApiProvider.tsx";
import { polling } from "./poll.ts";

/** As often as the contract of ListStock allows a screen to ask. */
const EVERY_MS = 5_000;

/** How the stock is asked for, again and again, by whoever may see it. */
export function stockOptions(transport: Transport, productIds: readonly string[], mayRead: boolean) {
  const asked = polling(transport, KitchenService.method.listStock, { productIds: [...productIds] }, () => EVERY_MS);
  return { ...asked, enabled: productIds.length > 0 && mayRead };
}

/** What is known of what is left. */
export interface Stock {
  /** What is left of each product; a product of which it is not known is missing. */
  stock: ReadonlyMap<string, number>;
  /** Why it is not known what is left, or not how much by now; and what asks again. */
  failure: { title: string; error: Error; readAt: number; retry: () => void } | undefined;
}

/** What is left of these products, read again while the page is in sight. */
export function useStock(productIds: readonly string[]): Stock {
  const { person } = useAccess();
  const mayRead = person.permissions.has("read:stock");
  return stockOf(useQuery(stockOptions(useTransport(), productIds, mayRead)));
}

type Query = Pick<UseQueryResult<ListStockResponse>, "data" | "error" | "dataUpdatedAt" | "refetch">;

/** What a query has found out of what is left. */
export function stockOf({ data, error, dataUpdatedAt: readAt, refetch }: Query): Stock {
  const title = readAt > 0 ? "What is left may have changed since" : "What is left is not known now";
  return {
    stock: new Map(data?.stock.map(({ productId, available }) => [productId, available])),
    failure: error === null ? undefined : { title, error, readAt, retry: () => void refetch() },
  };
}

/** Asks at once what is left, after it was set, say. */
export function useStockAgain(): () => Promise<void> {
  const queries = useQueryClient();
  const queryKey = createConnectQueryKey({ schema: KitchenService.method.listStock, cardinality: "finite" });
  return () => queries.invalidateQueries({ queryKey });
}
