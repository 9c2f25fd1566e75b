import { Page } from "../../ui/Page.tsx";

export default function Kitchen() {
  return <Page title="Kitchen">…</Page>;
}
