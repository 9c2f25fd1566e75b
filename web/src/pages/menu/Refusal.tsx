import { Link } from "wouter";
import { useAccess } from "../../api/ApiProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import type { RefusalTold } from "./refusal.ts";
import styles from "./Basket.module.css";

/** Why there is no order, or none that is known of, and what the customer can do. */
export function Refusal({ told, placeAnother }: { told: RefusalTold; placeAnother: () => void }) {
  const { signIn } = useAccess();
  return (
    <Notice kind={told.mayBePlaced ? "warn" : "bad"} title={told.title}>
      <p>{told.words}</p>
      <p className={styles.ways}>
        {told.mayBePlaced && <Link href="/orders">See my orders</Link>}
        {told.needsNewIntent && <Button onClick={placeAnother}>Order this as well</Button>}
        {told.needsSignIn && <Button onClick={() => void signIn()}>Sign in again</Button>}
      </p>
    </Notice>
  );
}
