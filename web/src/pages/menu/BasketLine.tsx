import { useId } from "react";
import { Button } from "../../ui/Button.tsx";
import { priceOf } from "../../ui/money.ts";
import {
  acceptPrice,
  type Basket,
  costOf,
  type Line,
  MAX_QUANTITY,
  priceNow,
  quantityFault,
  remove,
  setQuantity,
} from "./basket.ts";
import { shortage } from "./stockTold.ts";
import styles from "./BasketLine.module.css";

interface Props {
  line: Line;
  /** What the API has said about the line. */
  fault: string | undefined;
  available: number | undefined;
  change: (how: (basket: Basket) => Basket) => void;
  onRemoved: () => void;
}

/** A product of the basket: how many, at which price, and what is wrong with it. */
export function BasketLine({ line, fault, available, change, onRemoved }: Props) {
  const { productId, name } = line;
  const takeOut = () => {
    change((basket) => remove(basket, productId));
    onRemoved();
  };
  return (
    <li className={styles.line}>
      <span className={styles.name}>{name}</span>
      <Button kind="quiet" aria-label={`Remove ${name}`} onClick={takeOut}>
        Remove
      </Button>
      <Quantity {...{ line, fault, available, change }} />
      {line.isGone && <p className={styles.fault}>This is no longer on the menu: please remove it.</p>}
      {line.newPrice && (
        <p className={styles.changed}>
          <span>
            The price has changed from <s>{priceOf(line.price)}</s> to <strong>{priceOf(line.newPrice)}</strong>.
          </span>
          <Button
            aria-label={`Accept the new price of ${name}`}
            onClick={() => change((basket) => acceptPrice(basket, productId))}
          >
            Accept
          </Button>
        </p>
      )}
    </li>
  );
}

/** How many: typed, or one more or less. */
function Quantity({ line, fault, available, change }: Omit<Props, "onRemoved">) {
  const { productId, name, quantity } = line;
  const faultId = useId();
  const wrong = quantityFault(quantity) ?? fault;
  const cost = costOf(line);
  const lack = shortage(quantity, available);
  const set = (to: number) => change((basket) => setQuantity(basket, productId, to));
  return (
    <>
      <span className={styles.quantity}>
        <Button aria-label={`One ${name} less`} isHeld={!(quantity > 1)} onClick={() => set(Math.ceil(quantity) - 1)}>
          −
        </Button>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={MAX_QUANTITY}
          aria-label={`Quantity of ${name}`}
          aria-invalid={wrong !== undefined}
          aria-describedby={faultId}
          value={quantity === 0 ? "" : quantity}
          onChange={({ target }) => set(Number(target.value))}
        />
        <Button
          aria-label={`One ${name} more`}
          isHeld={!(quantity < MAX_QUANTITY)}
          onClick={() => set(Math.floor(quantity) + 1)}
        >
          +
        </Button>
      </span>
      <span className={styles.price}>
        {priceOf(priceNow(line))} each
        {cost && <strong className={styles.cost}>{priceOf(cost)}</strong>}
      </span>
      <span id={faultId} className={wrong === undefined ? styles.lack : styles.fault}>
        {wrong ?? lack}
      </span>
    </>
  );
}
