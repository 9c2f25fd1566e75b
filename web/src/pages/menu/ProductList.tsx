import type { Product } from "order-saga-client";
import { Button } from "../../ui/Button.tsx";
import { priceOf } from "../../ui/money.ts";
import { add, hasRoomFor } from "./basket.ts";
import { stockTold } from "./stockTold.ts";
import { useBasket } from "./useBasket.ts";
import styles from "./Menu.module.css";

interface Props {
  products: readonly Product[];
  /** What is left, by the product's id. */
  stock: ReadonlyMap<string, number>;
}

/** The products with their prices and what is left of them. */
export function ProductList({ products, stock }: Props) {
  return (
    <ul className={styles.products}>
      {products.map((product) => (
        <ProductRow key={product.productId} product={product} available={stock.get(product.productId)} />
      ))}
    </ul>
  );
}

function ProductRow({ product, available }: { product: Product; available: number | undefined }) {
  const { basket, kept } = useBasket();
  const { productId, name, unitPrice } = product;
  const left = stockTold(available);
  const chosen = basket.lines.find((line) => line.productId === productId)?.quantity ?? 0;
  const canBeHad = unitPrice !== undefined && left?.level !== "out";
  return (
    <li className={styles.product}>
      <h2 className={styles.name}>{name}</h2>
      <p className={styles.left}>
        {left && <span className={styles[left.level]}>{left.words}</span>}
        {chosen > 0 && <span className={styles.chosen}>{chosen} in your basket</span>}
      </p>
      <span className={styles.price}>{unitPrice && priceOf(unitPrice)}</span>
      <Button
        aria-label={`Add ${name}`}
        disabled={!canBeHad}
        isHeld={!hasRoomFor(basket, productId)}
        onClick={() => kept.change((basket) => add(basket, product))}
      >
        Add
      </Button>
    </li>
  );
}
