import { Page } from "../../ui/Page.tsx";

export default function Trouble() {
  return <Page title="Trouble">…</Page>;
}
