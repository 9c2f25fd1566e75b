import { createConnectQueryKey, useQuery } from "@connectrpc/connect-query";
import { skipToken, useQueryClient } from "@tanstack/react-query";
import { KitchenService } from "order-saga-client";
import { useAccess } from "./ApiProvider.tsx";

/** As often as the contract of ListStock allows a screen to ask. */
const EVERY_MS = 5_000;

/** What is left of each product, asked again and again; a product of which it is not known is missing. */
export function useStock(productIds: readonly string[]): ReadonlyMap<string, number> {
  const { person } = useAccess();
  const isWanted = productIds.length > 0 && person.permissions.has("read:stock");
  const input = isWanted ? { productIds: [...productIds] } : skipToken;
  const { data } = useQuery(KitchenService.method.listStock, input, { refetchInterval: EVERY_MS });
  return new Map(data?.stock.map(({ productId, available }) => [productId, available]));
}

/** Asks at once what is left, after it was set, say. */
export function useStockAgain(): () => Promise<void> {
  const queries = useQueryClient();
  const queryKey = createConnectQueryKey({ schema: KitchenService.method.listStock, cardinality: "finite" });
  return () => queries.invalidateQueries({ queryKey });
}
