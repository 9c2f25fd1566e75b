import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import type { CallOptions } from "@connectrpc/connect";
import { fresh, once, type Api, type Product } from "order-saga-client";
import { useCallback, useMemo } from "react";
import { titleOf } from "../ui/title.ts";
import { useAccess } from "./ApiProvider.tsx";
import { again, PAUSES } from "./pace.ts";
import { isFirst } from "./poll.ts";

/** More products than this are not shown; ListStock takes no more either. */
export const MAX_PRODUCTS = 100;

const KEY = ["menu"];

/** The menu by the products' names; asked for again only as long as it cannot be read. */
export function useMenu(): UseQueryResult<Product[]> {
  const { api } = useAccess();
  return useQuery({
    queryKey: KEY,
    queryFn: (context) => menuOf(api, isFirst(context) ? { signal: context.signal } : once({ signal: context.signal })),
    refetchInterval: again<unknown>(() => PAUSES.settled),
  });
}

/** What a product is called, by its id. */
export type NameOf = (productId: string) => string;

/** The products' names by the menu, as soon as it is read. */
export function useNames(): NameOf {
  const { data } = useMenu();
  return useMemo(() => namesBy(data ?? []), [data]);
}

/** The names by these products; one that is not among them, as it is sold no more, is called by its id. */
export function namesBy(products: readonly Pick<Product, "productId" | "name">[]): NameOf {
  const names = new Map(products.map(({ productId, name }) => [productId, name]));
  return (productId) => names.get(productId) ?? titleOf(productId);
}

/** Reads the menu past every cache, after a price was refused, say. */
export function useFreshMenu(): () => Promise<void> {
  const { api } = useAccess();
  const queries = useQueryClient();
  return useCallback(async () => {
    const products = await menuOf(api, fresh());
    queries.setQueryData(KEY, products);
  }, [api, queries]);
}

/** Every page of the menu, up to the limit. */
export async function menuOf({ orders }: Pick<Api, "orders">, options: CallOptions): Promise<Product[]> {
  const products: Product[] = [];
  let pageToken = "";
  do {
    const page = await orders.listProducts({ pageSize: MAX_PRODUCTS - products.length, pageToken }, options);
    products.push(...page.products);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && products.length < MAX_PRODUCTS);
  return products.toSorted((one, other) => one.name.localeCompare(other.name, "en"));
}
