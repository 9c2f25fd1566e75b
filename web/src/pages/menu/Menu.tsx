import { Page } from "../../ui/Page.tsx";

export default function Menu() {
  return <Page title="Menu">…</Page>;
}
