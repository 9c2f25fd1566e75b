/** A test card of the payment provider's sandbox; the README of the project lists them. */
export interface Card {
  id: string;
  /** What the card does, for whoever chooses it. */
  does: string;
  /** The provider's word for the card. */
  token: string;
}

const APPROVED: Card = { id: "approved", does: "is approved", token: "tok_visa" };

/** The test cards, the usual one first. */
export const CARDS: readonly Card[] = [
  APPROVED,
  { id: "declined", does: "is declined by the bank", token: "tok_declined" },
  { id: "poor", does: "does not cover the amount", token: "tok_insufficient_funds" },
  { id: "late", does: "is approved after 2 seconds", token: "tok_late" },
  { id: "silent", does: "is approved, but the first try is never answered", token: "tok_never_first" },
];

/** The card of this id; the usual one if there is no such card. */
export function cardOf(id: string): Card {
  return CARDS.find((card) => card.id === id) ?? APPROVED;
}
