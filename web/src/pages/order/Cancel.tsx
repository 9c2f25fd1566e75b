import { useMutation } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { useAccess } from "../../api/ApiProvider.tsx";
import { Intents } from "../../api/intents.ts";
import { sharedByTabs } from "../../session/kept.ts";
import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import styles from "./Order.module.css";

interface Props {
  orderId: string;
  /** The button goes out of reach. */
  onConfirmed: () => void;
  /** The order has changed. */
  onDone: () => void;
}

/** Cancels the order once the customer has confirmed it. However often it is pressed, it is asked for once. */
export function Cancel({ orderId, onConfirmed, onDone }: Props) {
  const { api, person } = useAccess();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const cancel = useMutation({
    mutationFn: async () => {
      const intents = new Intents(person.subject, sharedByTabs());
      const wanted = `cancel ${orderId}`;
      const intent = intents.of(wanted);
      await api.orders.cancelOrder({ orderId }, intent.with());
      intents.done(wanted, intent);
    },
    // A refusal tells of a state that the page may not show yet.
    onSettled: onDone,
  });
  const confirm = () => {
    dialog.current?.close();
    onConfirmed();
    cancel.mutate();
  };
  return (
    <div className={styles.cancel}>
      <Button disabled={cancel.isPending} onClick={() => dialog.current?.showModal()}>
        {cancel.isPending ? "Canceling…" : "Cancel order"}
      </Button>
      {cancel.error && <Failure error={cancel.error} title="The order was not canceled" />}
      <dialog ref={dialog} className={styles.dialog} aria-labelledby={titleId}>
        <h2 id={titleId}>Cancel this order?</h2>
        <p>The kitchen is asked to let go of it. If cooking has started meanwhile, the order stays.</p>
        <div className={styles.deeds}>
          <Button onClick={() => dialog.current?.close()}>Keep the order</Button>
          <Button kind="main" onClick={confirm}>
            Yes, cancel it
          </Button>
        </div>
      </dialog>
    </div>
  );
}
