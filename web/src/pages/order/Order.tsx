import { Page } from "../../ui/Page.tsx";

export default function Order({ orderId }: { orderId: string }) {
  return <Page title="Order">{orderId}</Page>;
}
