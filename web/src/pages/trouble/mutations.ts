import { mutationOptions } from "@tanstack/react-query";
import { reasonOf, type Api } from "order-saga-client";
import { Intents } from "../../api/intents.ts";
import { menuOf } from "../../api/menu.ts";
import { morePieces, onePiece } from "./pieces.ts";
import { switchAllOff, switchOn, type Trouble } from "./troubles.ts";

/** Asks which troubles are on. */
type Look = () => Promise<void>;

/** Does something to troubles, and looks what became of it, also after a refusal: another tab may have been faster. */
export function switching<Input>(deed: (input: Input) => Promise<void>, look: Look) {
  return mutationOptions({ mutationFn: deed, onSettled: look });
}

interface Trying {
  url: string;
  api: Pick<Api, "orders" | "kitchen">;
  /** Whose intents they are. */
  subject: string;
  look: Look;
}

/**
 * Switches a trouble on, and every other off, and places the order that meets it; gives the order's id. Two troubles at once
 * would show what neither of them promises.
 */
export function trying({ url, api, subject, look }: Trying) {
  return mutationOptions({
    mutationFn: async ({ id, lastsSeconds, order }: Trouble) => {
      const products = await menuOf(api, {});
      const productIds = products.map(({ productId }) => productId);
      const { stock } = productIds.length > 0 ? await api.kitchen.listStock({ productIds }) : { stock: [] };
      const pieces = (order.moreThanThereIs ? morePieces : onePiece)(products, stock);
      if (pieces === undefined) {
        throw new Error("No product serves: run `make seed`, or let the kitchen set a count below 1000.");
      }
      await switchAllOff(url);
      if (lastsSeconds > 0) {
        await switchOn(url, id);
      }
      await look();
      const intents = new Intents(subject);
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
