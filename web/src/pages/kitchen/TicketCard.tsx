import { useMutation } from "@tanstack/react-query";
import { reasonOf, TicketStatus, type Ticket } from "order-saga-client";
import { useAccess } from "../../api/ApiProvider.tsx";
import { Intents } from "../../api/intents.ts";
import type { NameOf } from "../../api/menu.ts";
import { mayBeDone } from "../../api/outcome.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyId } from "../../ui/CopyId.tsx";
import { When } from "../../ui/When.tsx";
import styles from "./Kitchen.module.css";

interface Props {
  ticket: Ticket;
  /** Whether it is the oldest, which is cooked first. */
  isNext: boolean;
  nameOf: NameOf;
  onStarted: () => void;
  onRefused: (error: unknown) => void;
}

/** What is to be cooked for an order. */
export function TicketCard({ ticket, isNext, nameOf, onStarted, onRefused }: Props) {
  const { orderId, status, items, createdAt } = ticket;
  const start = useStart(orderId, onStarted, onRefused);
  const short = orderId.slice(0, 8);
  return (
    <li className={styles.ticket} aria-label={`Ticket ${short}`}>
      <div className={styles.about}>
        <CopyId id={orderId} what="the order's id" />
        {createdAt && <When at={createdAt} />}
      </div>
      <ul className={styles.items}>
        {items.map(({ productId, quantity }) => (
          <li key={productId}>
            <strong>{quantity} ×</strong> {nameOf(productId)}
          </li>
        ))}
      </ul>
      {status === TicketStatus.APPROVED &&
        (start.isSuccess ? (
          <p className={styles.started} role="status">
            Cooking has started
          </p>
        ) : (
          <Button
            kind={isNext ? "main" : "other"}
            aria-label={`Start cooking ticket ${short}`}
            aria-describedby="no-way-back"
            disabled={start.isPending}
            onClick={() => start.mutate()}
          >
            {start.isPending ? "Starting…" : "Start cooking"}
          </Button>
        ))}
    </li>
  );
}

/** Starts the ticket; a second press, also after a reload, is the same start. */
function useStart(orderId: string, onStarted: () => void, onRefused: (error: unknown) => void) {
  const { api, person } = useAccess();
  const intents = new Intents(person.subject);
  const wanted = `start ${orderId}`;
  return useMutation({
    mutationFn: () => api.kitchen.startTicket({ orderId }, intents.of(wanted).with()),
    onSuccess: () => {
      intents.done(wanted);
      onStarted();
    },
    onError: (error) => {
      if (!mayBeDone(reasonOf(error).code)) {
        intents.done(wanted);
      }
      onRefused(error);
    },
  });
}
