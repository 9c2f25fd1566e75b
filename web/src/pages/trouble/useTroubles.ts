import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { reasonOf } from "order-saga-client";
import { Intents } from "../../api/intents.ts";
import { useAccess } from "../../api/ApiProvider.tsx";
import { menuOf } from "../../api/menu.ts";
import { morePieces, onePiece } from "./basket.ts";
import { listTroubles, switchOn, type Trouble } from "./troubles.ts";

/** How often to ask while a trouble is on, which ends by itself, and while all are off. */
const ON_MS = 2_000;
const OFF_MS = 5_000;

const optionsOf = (url: string) =>
  queryOptions({
    queryKey: ["troubles", url],
    queryFn: ({ signal }) => listTroubles(url, signal),
    refetchInterval: ({ state }) => (state.data?.some(({ on }) => on !== null) ? ON_MS : OFF_MS),
  });

/** All troubles, kept up to date while somebody looks. */
export function useTroubles(url: string) {
  return useQuery(optionsOf(url));
}

/** Does something to troubles, and looks at once what became of it. */
export function useSwitch<Input>(url: string, deed: (input: Input) => Promise<void>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSettled: () => queries.invalidateQueries({ queryKey: optionsOf(url).queryKey }),
  });
}

/** Switches a trouble on and places the order that meets it; gives the order's id. */
export function useTrying(url: string) {
  const { api, person } = useAccess();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, lastsSeconds, order }: Trouble) => {
      const products = await menuOf(api, {});
      const productIds = products.map(({ productId }) => productId);
      const { stock } = productIds.length > 0 ? await api.kitchen.listStock({ productIds }) : { stock: [] };
      const pieces = (order.moreThanThereIs ? morePieces : onePiece)(products, stock);
      if (pieces === undefined) {
        throw new Error("No product serves: run `make seed`, or let the kitchen set a count below 1000.");
      }
      if (lastsSeconds > 0) {
        await switchOn(url, id);
        await queries.invalidateQueries({ queryKey: optionsOf(url).queryKey });
      }
      const intents = new Intents(person.subject);
      const wanted = `try ${id}`;
      const { cardToken } = order;
      try {
        const placed = await api.orders.createOrder({ items: [pieces], cardToken }, intents.of(wanted).with());
        intents.done(wanted);
        return placed.order?.orderId ?? "";
      } catch (error) {
        // An earlier press was carried out, with other pieces, and its answer was lost: the next press is another order.
        if (reasonOf(error).name === "IDEMPOTENCY_KEY_REUSED") {
          intents.done(wanted);
        }
        throw error;
      }
    },
  });
}
