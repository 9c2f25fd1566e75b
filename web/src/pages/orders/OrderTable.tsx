import type { Order } from "order-saga-client";
import { Link } from "wouter";
import type { NameOf } from "../../api/menu.ts";
import { priceOf } from "../../ui/money.ts";
import { When } from "../../ui/When.tsx";
import { Status } from "./Status.tsx";
import { itemsTold, reasonTold } from "./status.ts";
import styles from "./Orders.module.css";

interface Props {
  orders: readonly Order[];
  nameOf: NameOf;
}

/** The orders in a table; on a phone, each is a card. */
export function OrderTable({ orders, nameOf }: Props) {
  return (
    <table className={styles.orders}>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Status</th>
          <th scope="col">Placed</th>
          <th scope="col" className={styles.number}>
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <OrderRow key={order.orderId} order={order} nameOf={nameOf} />
        ))}
      </tbody>
    </table>
  );
}

function OrderRow({ order, nameOf }: { order: Order; nameOf: NameOf }) {
  const { orderId, items, status, createdAt, total } = order;
  const why = reasonTold(order);
  return (
    <tr>
      <th scope="row">
        <Link href={`/orders/${orderId}`}>
          {itemsTold(items, nameOf)}
          <span className={styles.hidden}>, order {orderId.slice(0, 8)}</span>
        </Link>
      </th>
      <td className={styles.status} aria-live="polite">
        <Status status={status} />
        {why !== undefined && <p className={styles.why}>{why}</p>}
      </td>
      <td className={styles.placed}>{createdAt && <When at={createdAt} />}</td>
      <td className={styles.number}>{total && priceOf(total)}</td>
    </tr>
  );
}
