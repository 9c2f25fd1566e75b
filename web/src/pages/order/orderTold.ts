import { entryOf, OrderStatus, type Order } from "order-saga-client";
import type { Pace } from "../../api/pace.ts";

/** What a customer is told about an order, and what to do. */
export interface OrderTold {
  kind: "plain" | "good" | "warn" | "bad";
  title: string;
  text: string;
  /** What the customer can do next. */
  deed: "cancel" | "order-again" | undefined;
}

const CHECKED = "We ask the kitchen and your bank. You can leave this page: it goes on without you.";
const SLOW = "This takes longer than it should. You need not do anything: it goes on as soon as everybody answers.";

/** How an order stands, in a customer's words. */
export function orderTold({ status, reason }: Pick<Order, "status" | "reason">, pace: Pace): OrderTold {
  const why =
    reason === "" ? "" : (entryOf(reason)?.tell ?? `The reason, ${reason}, came later than this page: ask us, please.`);
  switch (status) {
    case OrderStatus.APPROVAL_PENDING:
      return told("plain", "Your order is being checked", pace === "waiting" ? SLOW : CHECKED);
    case OrderStatus.APPROVED:
      return why === ""
        ? told(
            "good",
            "Your order is approved",
            "The kitchen will cook it. You can cancel it until cooking has started.",
            "cancel",
          )
        : told(
            "warn",
            "Your order could not be canceled",
            `${why} It stays as you ordered it.`,
            cancelUnlessCooking(reason),
          );
    case OrderStatus.REJECTED:
      return told("bad", "Your order was not accepted", uncharged(why), "order-again");
    case OrderStatus.CANCEL_PENDING:
      return told(
        "plain",
        "Your order is being canceled",
        pace === "waiting" ? SLOW : "We ask the kitchen to let go of it.",
      );
    case OrderStatus.CANCELED:
      return told(
        "plain",
        "Your order is canceled",
        "The kitchen does not cook it, and nothing is charged.",
        "order-again",
      );
    default:
      return told("warn", "Your order is in a state that this page does not know", "Please reload the page.");
  }
}

/** Some reasons of the catalogue say it themselves. */
function uncharged(why: string): string {
  return /nothing was charged/i.test(why) ? why : `${why} Nothing was charged.`.trimStart();
}

function told(kind: OrderTold["kind"], title: string, text: string, deed?: OrderTold["deed"]): OrderTold {
  return { kind, title, text, deed };
}

/** What is being cooked stays; after another reason a second try may go through. */
function cancelUnlessCooking(reason: string): OrderTold["deed"] {
  return reason === "COOKING_HAS_STARTED" ? undefined : "cancel";
}
