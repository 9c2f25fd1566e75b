import { Page } from "../../ui/Page.tsx";

export default function Saga({ sagaId }: { sagaId: string }) {
  return <Page title="Saga">{sagaId}</Page>;
}
