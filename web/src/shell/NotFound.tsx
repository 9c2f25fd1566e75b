import { Notice } from "../ui/Notice.tsx";
import { Page } from "../ui/Page.tsx";

/** A path that leads nowhere, or to nothing that the person has a use for. */
export function NotFound() {
  return (
    <Page title="Nothing is here">
      <Notice kind="plain" title="This address has no page">
        Choose a place above. If there is none, your account has no permission for any: ask whoever runs the restaurant.
      </Notice>
    </Page>
  );
}
