import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import styles from "./SignIn.module.css";

interface Props {
  /** The error's code with which the issuer has just refused a sign-in. */
  refusal: string | undefined;
  /** Whether the service that knows who is signed in gave no answer. */
  isAway: boolean;
  signIn: () => Promise<void>;
}

/** What whoever is not signed in sees. */
export function SignIn({ refusal, isAway, signIn }: Props) {
  return (
    <main className={styles.door}>
      <h1>Order Saga</h1>
      <p>Order food, cook it, and watch how three services agree on every order without a distributed transaction.</p>
      {refusal !== undefined && (
        <Notice kind="bad" title="You were not signed in">
          The service that knows who you are has refused: <code>{refusal}</code>. Please try again.
        </Notice>
      )}
      {isAway && (
        <Notice kind="bad" title="We could not ask who you are">
          The service that knows it does not answer: please check the connection, and try again.
        </Notice>
      )}
      <div className={styles.deeds}>
        {isAway && (
          <Button kind="main" onClick={() => window.location.reload()}>
            Try again
          </Button>
        )}
        <Button kind={isAway ? "other" : "main"} onClick={() => void signIn()}>
          Sign in
        </Button>
      </div>
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
