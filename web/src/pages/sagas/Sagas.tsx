import { Page } from "../../ui/Page.tsx";

export default function Sagas() {
  return <Page title="Sagas">…</Page>;
}
