import type { OrderStatus } from "order-saga-client";
import { statusTold, type StatusTold } from "./status.ts";
import styles from "./Status.module.css";

/** An order's status as a word with an icon. */
export function Status({ status }: { status: OrderStatus }) {
  const { words, mood } = statusTold(status);
  return (
    <span className={`${styles.status} ${styles[mood]}`}>
      <svg aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">
        <path d={ICONS[mood]} />
      </svg>
      {words}
    </span>
  );
}

/** A clock, a tick, a cross and a line through. */
const ICONS: Record<StatusTold["mood"], string> = {
  busy: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M8 4.5V8l2.5 1.5",
  good: "M2.5 8.5l3.5 3.5l7.5-8",
  bad: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  over: "M2.5 8h11",
};
