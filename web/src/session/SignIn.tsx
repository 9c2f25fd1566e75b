import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import styles from "./SignIn.module.css";

interface Props {
  /** The error's code with which the issuer has just refused a sign-in. */
  refusal: string | undefined;
  signIn: () => Promise<void>;
}

/** What whoever is not signed in sees. */
export function SignIn({ refusal, signIn }: Props) {
  return (
    <main className={styles.door}>
      <h1>Order Saga</h1>
      <p>Order food, cook it, and watch how three services agree on every order without a distributed transaction.</p>
      {refusal !== undefined && (
        <Notice kind="bad" title="You were not signed in">
          The service that knows who you are has refused: <code>{refusal}</code>. Please try again.
        </Notice>
      )}
      <Button kind="main" onClick={() => void signIn()}>
        Sign in
      </Button>
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
