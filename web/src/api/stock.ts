import { createConnectQueryKey, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KitchenService } from "order-saga-client";
import { useAccess } from "./ApiProvider.tsx";
import { polling } from "./poll.ts";

/** As often as the contract of ListStock allows a screen to ask. */
const EVERY_MS = 5_000;

/** How the stock is asked for, again and again, by whoever may see it. */
export function stockOptions(transport: Transport, productIds: readonly string[], mayRead: boolean) {
  const asked = polling(transport, KitchenService.method.listStock, { productIds: [...productIds] }, () => EVERY_MS);
  return { ...asked, enabled: productIds.length > 0 && mayRead };
}

/** What is left of each product; a product of which it is not known is missing. */
export function useStock(productIds: readonly string[]): ReadonlyMap<string, number> {
  const { person } = useAccess();
  const { data } = useQuery(stockOptions(useTransport(), productIds, person.permissions.has("read:stock")));
  return new Map(data?.stock.map(({ productId, available }) => [productId, available]));
}

/** Why it is not known what is left, or not how much by now; and what asks again. */
export function useStockFailure(
  productIds: readonly string[],
): { error: Error; readAt: number; retry: () => void } | undefined {
  const { person } = useAccess();
  const { error, dataUpdatedAt, refetch } = useQuery(
    stockOptions(useTransport(), productIds, person.permissions.has("read:stock")),
  );
  return error === null ? undefined : { error, readAt: dataUpdatedAt, retry: () => void refetch() };
}

/** Asks at once what is left, after it was set, say. */
export function useStockAgain(): () => Promise<void> {
  const queries = useQueryClient();
  const queryKey = createConnectQueryKey({ schema: KitchenService.method.listStock, cardinality: "finite" });
  return () => queries.invalidateQueries({ queryKey });
}
