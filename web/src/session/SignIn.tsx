import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import styles from "./SignIn.module.css";

/** What whoever is not signed in sees. */
export function SignIn({ signIn }: { signIn: () => Promise<void> }) {
  const [isAway, setAway] = useState(false);
  const leave = () => {
    setAway(false);
    signIn().catch(() => setAway(true));
  };
  return (
    <main className={styles.door}>
      <h1>Order Saga</h1>
      <p>Order food, cook it, and watch how three services agree on every order without a distributed transaction.</p>
      <Button kind="main" onClick={leave}>
        Sign in
      </Button>
      {isAway && (
        <Notice kind="bad" title="Signing in is not possible now">
          The service that knows who you are cannot be reached. Please try again.
        </Notice>
      )}
    </main>
  );
}

/** The console cannot even begin. */
export function Unreachable({ error }: { error: unknown }) {
  return (
    <main className={styles.door}>
      <h1>Order Saga</h1>
      <Notice kind="bad" title="The console cannot be opened now">
        {error instanceof Error ? error.message : String(error)}
      </Notice>
      <Button kind="main" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </main>
  );
}
