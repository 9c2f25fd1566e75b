import { Link } from "wouter";
import { useNames } from "../../api/menu.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { More } from "../../ui/More.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { OrderTable } from "./OrderTable.tsx";
import { useOrders } from "./useOrders.ts";

/** The customer's orders, newest first. */
export default function Orders() {
  const { entries: orders, isPending, error, readAt, readAgain, more, isFull, isMoreRefused } = useOrders();
  const nameOf = useNames();
  return (
    <Page title="My orders">
      {isPending && <Loading what="your orders" />}
      {error !== null && !isMoreRefused && (
        <Failure
          title={orders.length > 0 ? "Your orders may have changed since" : "Your orders cannot be shown"}
          error={error}
          readAt={readAt}
          retry={readAgain}
        />
      )}
      {!isPending && error === null && orders.length === 0 && (
        <Notice kind="plain" title="You have not ordered anything yet">
          <Link href="/menu">Choose something from the menu</Link>
        </Notice>
      )}
      {orders.length > 0 && <OrderTable orders={orders} nameOf={nameOf} />}
      <More more={more} what="your orders" full={isFull ? "That is as many as are shown at once." : undefined} />
      {isMoreRefused && more && (
        <Failure title="No more orders can be listed now" error={error} retry={more.show} asksAgain={false} />
      )}
    </Page>
  );
}
