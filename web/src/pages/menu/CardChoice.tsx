import { CARDS } from "./cards.ts";
import styles from "./Basket.module.css";

interface Props {
  /** The `id` of a card. */
  chosen: string;
  /** What the API has said about the card. */
  fault: string | undefined;
  choose: (card: string) => void;
}

/** The choice of a test card, by what it does. */
export function CardChoice({ chosen, fault, choose }: Props) {
  return (
    <fieldset className={styles.cards}>
      <legend>Pay with a test card that…</legend>
      {CARDS.map(({ id, does }) => (
        <label key={id} className={styles.card}>
          <input type="radio" name="card" checked={id === chosen} onChange={() => choose(id)} />
          {does}
        </label>
      ))}
      {fault !== undefined && <p className={styles.fault}>{fault}</p>}
    </fieldset>
  );
}
