import { TicketStatus } from "order-saga-client";
import { expect, test } from "vitest";
import { countTold, listOf, LISTS } from "./tickets.ts";

test("every status of a ticket has a list, what is to be cooked first", () => {
  const statuses = Object.values(TicketStatus).filter(
    (status) => status !== TicketStatus.UNSPECIFIED && typeof status === "number",
  );
  expect(new Set(LISTS.map(({ status }) => status))).toEqual(new Set(statuses));
  expect(LISTS[0]?.status).toBe(TicketStatus.APPROVED);
});

test("a list is found by its id, and what is to be cooked in place of a list that there is not", () => {
  for (const list of LISTS) {
    expect(listOf(list.id)).toBe(list);
  }
  expect(listOf(null)).toBe(LISTS[0]);
  expect(listOf("washing-up")).toBe(LISTS[0]);
});

test("the count says whether there are more", () => {
  expect(countTold(1, false)).toBe("1 ticket, oldest first");
  expect(countTold(3, false)).toBe("3 tickets, oldest first");
  expect(countTold(20, true)).toBe("The oldest 20 tickets, and there are more");
});
