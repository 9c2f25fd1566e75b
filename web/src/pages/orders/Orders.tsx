import { Page } from "../../ui/Page.tsx";

export default function Orders() {
  return <Page title="My orders">…</Page>;
}
