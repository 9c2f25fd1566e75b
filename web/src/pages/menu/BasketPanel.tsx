import { useRef } from "react";
import { Link } from "wouter";
import { Button } from "../../ui/Button.tsx";
import { priceOf } from "../../ui/money.ts";
import { type Basket, hindrance, totals } from "./basket.ts";
import { BasketLine } from "./BasketLine.tsx";
import { CardChoice } from "./CardChoice.tsx";
import { Refusal } from "./Refusal.tsx";
import { useBasket } from "./useBasket.ts";
import { usePlacing } from "./usePlacing.ts";
import styles from "./Basket.module.css";

/** The basket: what is in it, what it costs, the card, and the order. */
export function BasketPanel({ stock }: { stock: ReadonlyMap<string, number> }) {
  const { basket, kept } = useBasket();
  const placing = usePlacing();
  const heading = useRef<HTMLHeadingElement>(null);
  const obstacle = hindrance(basket);
  const change = (how: (basket: Basket) => Basket) => {
    placing.forget();
    kept.change(how);
  };
  return (
    <section id="basket" className={styles.basket} aria-labelledby="basket-heading">
      <h2 id="basket-heading" tabIndex={-1} ref={heading}>
        Your basket
      </h2>
      {basket.lines.length === 0 ? (
        <Empty ordered={basket.ordered} />
      ) : (
        <fieldset className={styles.plain} disabled={placing.isPlacing} aria-label="What you order">
          <ul>
            {basket.lines.map((line) => (
              <BasketLine
                key={line.productId}
                line={line}
                fault={placing.told?.lines.get(line.productId)}
                available={stock.get(line.productId)}
                change={change}
                onRemoved={() => heading.current?.focus()}
              />
            ))}
          </ul>
          <p className={styles.total} role="status">
            <span>Total</span>
            <strong>{totals(basket).map(priceOf).join(" + ") || "–"}</strong>
          </p>
          <CardChoice
            chosen={basket.card}
            fault={placing.told?.card}
            choose={(card) => change((basket) => ({ ...basket, card }))}
          />
        </fieldset>
      )}
      {placing.told && <Refusal told={placing.told} placeAnother={placing.placeAnother} />}
      {basket.lines.length > 0 && (
        <>
          <Button
            kind="main"
            isHeld={obstacle !== undefined || placing.isPlacing}
            aria-describedby="basket-obstacle"
            onClick={placing.place}
          >
            {placing.isPlacing ? "Placing your order…" : "Place order"}
          </Button>
          <p id="basket-obstacle" className={styles.quiet}>
            {obstacle ?? "The kitchen and your bank are asked next; you can watch."}
          </p>
        </>
      )}
    </section>
  );
}

/** A reload while the order is placed may end here, and so does another tab: the order is one press away. */
function Empty({ ordered }: Pick<Basket, "ordered">) {
  return (
    <p className={styles.quiet}>
      {ordered === undefined ? (
        "There is nothing in it yet: add something from the menu."
      ) : (
        <>
          What was in it is ordered: <Link href={`/orders/${ordered}`}>see your order</Link>.
        </>
      )}
    </p>
  );
}
