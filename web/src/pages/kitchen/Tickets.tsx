import { TicketStatus, type Ticket } from "order-saga-client";
import { useState } from "react";
import type { NameOf } from "../../api/menu.ts";
import type { PagedList } from "../../api/pagedList.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { More } from "../../ui/More.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useLanding } from "../../ui/useLanding.ts";
import { TicketCard } from "./TicketCard.tsx";
import { countTold, type TicketList } from "./tickets.ts";
import styles from "./Kitchen.module.css";

interface Props {
  list: TicketList;
  shown: PagedList<Ticket>;
  nameOf: NameOf;
}

/** The tickets of a list, and what went wrong with the last one that was started. */
export function Tickets({ list, shown, nameOf }: Props) {
  const { entries: tickets, isPending, error, readAt, readAgain, more, isFull, isMoreRefused } = shown;
  const [refused, setRefused] = useState<{ orderId: string; error: unknown }>();
  const [heading, land] = useLanding<HTMLHeadingElement>();
  const refuse = (orderId: string, error: unknown) => {
    land("if lost");
    setRefused({ orderId, error });
    readAgain();
  };
  const started = () => {
    land("if lost");
    setRefused(undefined);
    readAgain();
  };
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {list.words}
      </h2>
      {list.status === TicketStatus.APPROVED && (
        <p id="no-way-back" className={styles.quiet}>
          Once you start cooking, the customer can no longer cancel.
        </p>
      )}
      {refused && (
        <Failure title={`Ticket ${refused.orderId.slice(0, 8)} could not be started`} error={refused.error} />
      )}
      {isPending && <Loading what="the tickets" />}
      {error !== null && !isMoreRefused && (
        <Failure title="The tickets cannot be read now" error={error} readAt={readAt} retry={readAgain} />
      )}
      {!isPending && error === null && tickets.length === 0 && <Notice kind="plain" title={list.empty} />}
      {tickets.length > 0 && (
        <>
          <p className={styles.quiet} role="status">
            {countTold(tickets.length, isFull || more !== undefined)}
          </p>
          <ol className={styles.tickets}>
            {tickets.map((ticket, at) => (
              <TicketCard
                key={ticket.orderId}
                ticket={ticket}
                isNext={at === 0}
                nameOf={nameOf}
                onStarted={started}
                onRefused={(error) => refuse(ticket.orderId, error)}
              />
            ))}
          </ol>
        </>
      )}
      <More more={more} what="tickets" full={isFull ? "That is as many as are shown at once." : undefined} />
      {isMoreRefused && more && (
        <Failure title="No more tickets can be listed now" error={error} retry={more.show} asksAgain={false} />
      )}
    </>
  );
}
