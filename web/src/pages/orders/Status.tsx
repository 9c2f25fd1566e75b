import type { OrderStatus } from "order-saga-client";
import { Sign } from "../../ui/Sign.tsx";
import type { SignName } from "../../ui/signs.ts";
import { statusTold, type StatusTold } from "./status.ts";
import styles from "./Status.module.css";

/** An order's status as a word with the sign that its sagas have. */
export function Status({ status }: { status: OrderStatus }) {
  const { words, mood } = statusTold(status);
  return (
    <span className={styles.status}>
      <Sign of={SIGNS[mood]} />
      {words}
    </span>
  );
}

const SIGNS: Readonly<Record<StatusTold["mood"], SignName>> = {
  busy: "running",
  good: "succeeded",
  bad: "refused",
  over: "unneeded",
};
