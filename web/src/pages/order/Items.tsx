import type { Order } from "order-saga-client";
import { useNames } from "../../api/menu.ts";
import { priceOf, times } from "../../ui/money.ts";
import styles from "./Order.module.css";

/** What was ordered, at the prices of then. */
export function Items({ order: { items, total } }: { order: Order }) {
  const nameOf = useNames();
  return (
    <table>
      <caption className={styles.caption}>What you ordered</caption>
      <thead>
        <tr>
          <th scope="col">Product</th>
          <th scope="col" className={styles.number}>
            Quantity
          </th>
          <th scope="col" className={styles.number}>
            Each
          </th>
          <th scope="col" className={styles.number}>
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ productId, quantity, unitPrice }) => (
          <tr key={productId}>
            <td className={styles.product}>{nameOf(productId)}</td>
            <td className={styles.number}>{quantity}</td>
            <td className={styles.number}>{unitPrice && priceOf(unitPrice)}</td>
            <td className={styles.number}>{unitPrice && priceOf(times(unitPrice, quantity))}</td>
          </tr>
        ))}
      </tbody>
      {total && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              Total
            </th>
            <td className={`${styles.number} ${styles.total}`}>{priceOf(total)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
