import { TicketStatus } from "order-saga-client";

/** A list of the kitchen's tickets. */
export interface TicketList {
  /** Its name in the page's address. */
  id: string;
  status: TicketStatus;
  words: string;
  /** What to say when it has no tickets. */
  empty: string;
}

const TO_COOK: TicketList = {
  id: "to-cook",
  status: TicketStatus.APPROVED,
  words: "To be cooked",
  empty: "There is nothing to cook: new tickets come by themselves.",
};

/** The lists, those that somebody works on first. */
export const LISTS: readonly TicketList[] = [
  TO_COOK,
  { id: "cooking", status: TicketStatus.PREPARING, words: "Being cooked", empty: "Nothing is being cooked." },
  {
    id: "waiting",
    status: TicketStatus.CREATE_PENDING,
    words: "Waiting for the card",
    empty: "No ticket waits for a customer's card.",
  },
  { id: "rejected", status: TicketStatus.REJECTED, words: "Not accepted", empty: "No order was rejected." },
  { id: "canceled", status: TicketStatus.CANCELED, words: "Canceled", empty: "No order was canceled." },
];

/** The list of this id; what is to be cooked if there is no such list. */
export function listOf(id: string | null): TicketList {
  return LISTS.find((list) => list.id === id) ?? TO_COOK;
}

/** How many tickets are shown, and in which order. */
export function countTold(count: number, areMore: boolean): string {
  const tickets = count === 1 ? "1 ticket" : `${String(count)} tickets`;
  return areMore ? `The oldest ${tickets}, and there are more` : `${tickets}, oldest first`;
}
