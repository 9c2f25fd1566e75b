import { useLocation } from "wouter";
import { useAccess } from "../api/ApiProvider.tsx";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { Page } from "../ui/Page.tsx";
import { whoseIs } from "./places.ts";

/** A path that leads nowhere, or to nothing that the person has a use for, such as a link that a colleague has sent. */
export function NotFound() {
  const { person, signOut } = useAccess();
  const [path] = useLocation();
  const who = whoseIs(path);
  if (who === undefined) {
    return (
      <Page title="Nothing is here">
        <Notice kind="plain" title="This address has no page">
          Choose a place above. If there is none, your account has no permission for any: ask whoever runs the
          restaurant.
        </Notice>
      </Page>
    );
  }
  return (
    <Page title="Nothing is here for you">
      <Notice kind="plain" title={`This page is for ${who}`}>
        <p>You are signed in as {person.name}. Choose a place above, or sign in as whoever has a use for it.</p>
        <Button onClick={() => void signOut()}>Sign in as somebody else</Button>
      </Notice>
    </Page>
  );
}
