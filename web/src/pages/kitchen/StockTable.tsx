import type { Product } from "order-saga-client";
import { useStock } from "../../api/stock.ts";
import { Failure } from "../../ui/Failure.tsx";
import { StockRow } from "./StockRow.tsx";
import styles from "./Kitchen.module.css";

interface Props {
  /** Everything on the menu. */
  products: readonly Product[];
}

/** What is left of each product, and a field to set it. */
export function StockTable({ products }: Props) {
  const { stock, failure } = useStock(products.map(({ productId }) => productId));
  return (
    <section className={styles.stock} aria-labelledby="stock-heading">
      <h2 id="stock-heading">Stock</h2>
      <p className={styles.quiet}>Count what is left. What open orders have reserved is not part of it.</p>
      {failure && <Failure {...failure} />}
      <table>
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col" className={styles.number}>
              Left
            </th>
            <th scope="col">Set to</th>
          </tr>
        </thead>
        <tbody>
          {products.map(({ productId, name }) => (
            <StockRow key={productId} productId={productId} name={name} available={stock.get(productId)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
