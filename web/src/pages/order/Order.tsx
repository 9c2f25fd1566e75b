import { useTransport } from "@connectrpc/connect-query";
import { useQuery } from "@tanstack/react-query";
import type { FindOrderResponse, Order as OrderMessage } from "order-saga-client";
import { useMemo } from "react";
import { Link } from "wouter";
import { useDefinitions } from "../../api/definitions.ts";
import { isMissing } from "../../api/missing.ts";
import { fromProgress } from "../../saga/model/told.ts";
import { SagaView } from "../../saga/SagaView.tsx";
import { CopyId } from "../../ui/CopyId.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { useLanding } from "../../ui/useLanding.ts";
import { useNow } from "../../ui/useNow.ts";
import { When } from "../../ui/When.tsx";
import { statusTold } from "../orders/status.ts";
import type { Pace } from "../../api/pace.ts";
import { Cancel } from "./Cancel.tsx";
import { Items } from "./Items.tsx";
import { orderOptions, orderPace } from "./orderPace.ts";
import { orderTold } from "./orderTold.ts";
import styles from "./Order.module.css";

/** An order's page for its customer: how it stands, what to do, and the sagas that carry it. */
export default function Order({ orderId }: { orderId: string }) {
  const now = useNow();
  const { data, dataUpdatedAt, error, refetch } = useQuery(orderOptions(useTransport(), orderId));
  return (
    <Page title="Your order" state={standsAs(data, error)} aside={<Aside order={data?.order} />}>
      {error && isMissing(error) && (
        <Notice kind="bad" title="There is no such order">
          Yours are all in the list: this address may not be whole, or belong to somebody else’s order.
        </Notice>
      )}
      {error && !isMissing(error) && (
        <Failure
          error={error}
          title={data ? "The order may have changed since" : "The order cannot be shown now"}
          readAt={dataUpdatedAt}
          retry={() => void refetch()}
        />
      )}
      {data ? (
        <Found {...{ data }} pace={orderPace(data, now)} onChanged={() => void refetch()} />
      ) : (
        !error && <Loading what="your order" />
      )}
    </Page>
  );
}

/** Which order this is, and the way to the others. */
function Aside({ order }: { order: OrderMessage | undefined }) {
  return (
    <>
      <Link href="/orders">All my orders</Link>
      {order && (
        <p className={styles.about}>
          Order <CopyId id={order.orderId} what="the order's id" />{" "}
          {order.createdAt && (
            <>
              placed <When at={order.createdAt} />
            </>
          )}
        </p>
      )}
    </>
  );
}

/** What the browser's tab says of the order beside the page's title. */
function standsAs(data: FindOrderResponse | undefined, error: unknown): string | undefined {
  if (data?.order) {
    return `${statusTold(data.order.status).words} · ${data.order.orderId.slice(0, 8)}`;
  }
  return error && isMissing(error) ? "Not found" : undefined;
}

interface FoundProps {
  data: FindOrderResponse;
  pace: Pace;
  onChanged: () => void;
}

function Found({ data: { order, sagas }, pace, onChanged }: FoundProps) {
  const [notice, land] = useLanding<HTMLDivElement>();
  const { definitions, areMissing } = useDefinitions();
  // The page is drawn each second; what is told changes less often.
  const told = useMemo(() => sagas.map(fromProgress).toReversed(), [sagas]);
  if (order === undefined) {
    return null;
  }
  const { kind, title, text, deed } = orderTold(order, pace);
  return (
    <div className={styles.order}>
      <div className={styles.told}>
        <div ref={notice} tabIndex={-1}>
          <Notice kind={kind} title={title}>
            <p className={styles.words}>{text}</p>
          </Notice>
        </div>
        <div className={styles.deed}>
          {deed === "cancel" && <Cancel orderId={order.orderId} onConfirmed={land} onDone={onChanged} />}
          {deed === "order-again" && <Link href="/menu">Go to the menu</Link>}
        </div>
      </div>
      <div className={styles.sagas}>
        {told.map((saga, at) => (
          // A saga has no id for its customer; another saga never takes its place from the end.
          <SagaView key={told.length - at} told={saga} {...{ definitions, areMissing }} />
        ))}
        {told.length === 0 && (
          <Notice kind="plain" title="No saga has begun yet">
            It begins as soon as the order’s event has arrived, most often within a second.
          </Notice>
        )}
      </div>
      <div className={styles.items}>
        <Items order={order} />
      </div>
    </div>
  );
}
