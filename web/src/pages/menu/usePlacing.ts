import { useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { reasonOf } from "order-saga-client";
import { useLocation } from "wouter";
import { useAccess } from "../../api/ApiProvider.tsx";
import { Intents } from "../../api/intents.ts";
import { useFreshMenu } from "../../api/menu.ts";
import { sharedByTabs } from "../../session/kept.ts";
import { type Basket, hindrance, orderRequestOf, afterOrder } from "./basket.ts";
import { cardOf } from "./cards.ts";
import { basketOf } from "./keptBasket.ts";
import { basketAfter, tellRefusal, type RefusalTold, UNSENT } from "./refusal.ts";

const PLACING = { mutationKey: ["place order"] };

/** The intent of the basket: it lives through every press in every tab, refusal and missing answer, until an order is placed. */
const WANTED = "order";

/** How the basket is ordered. */
export interface Placing {
  place: () => void;
  /** Orders the basket beside what an earlier press has ordered. */
  placeAnother: () => void;
  isPlacing: boolean;
  /** What became of the last press, if it was no order. */
  told: RefusalTold | undefined;
  /** The basket is changed: what was told of it before is over. */
  forget: () => void;
}

/** Places the order and goes to its page. A second press, also after a reload or in another tab, is the same order. */
export function usePlacing(): Placing {
  const { api, person } = useAccess();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const refreshMenu = useFreshMenu();
  const kept = basketOf(person.subject);
  const intents = new Intents(person.subject, sharedByTabs());
  const { mutate, error, variables, reset } = useMutation({
    ...PLACING,
    mutationFn: async (basket: Basket) => {
      const intent = intents.of(WANTED);
      const isOffline = !navigator.onLine;
      const request = orderRequestOf(basket, cardOf(basket.card).token);
      const { order } = await api.orders.createOrder(request, intent.with()).catch((error: unknown) => {
        throw isOffline && !navigator.onLine ? new Unsent() : error;
      });
      // Of two tabs that have pressed, the first to know takes out what was ordered.
      const orderId = order?.orderId ?? "";
      if (intents.done(WANTED, intent)) {
        kept.change((now) => afterOrder(now, basket, orderId));
      }
      return orderId;
    },
    onError: async (refusal) => {
      const reason = reasonOf(refusal);
      kept.change((basket) => basketAfter(basket, reason));
      if (reason.name === "PRICE_CHANGED" || reason.name === "UNKNOWN_PRODUCT") {
        await refreshMenu().catch(() => undefined);
      }
    },
  });
  const place = () => {
    const basket = kept.now();
    // What is drawn may be older than what is: the second click of a double click comes here as well.
    if (hindrance(basket) === undefined && queries.isMutating(PLACING) === 0) {
      mutate(basket, { onSuccess: (orderId) => go(`/orders/${orderId}`) });
    }
  };
  const told = error ? refusalToldOf(error, variables) : undefined;
  return {
    place,
    placeAnother: () => {
      intents.done(WANTED);
      place();
    },
    isPlacing: useIsMutating(PLACING) > 0,
    told,
    // That an order may be there already stays true.
    forget: () => told?.mayBePlaced === false && reset(),
  };
}

/** The network was not there from the press to the last try. */
class Unsent extends Error {}

function refusalToldOf(error: Error, basket: Basket): RefusalTold {
  return error instanceof Unsent ? UNSENT : tellRefusal(basket, reasonOf(error));
}
