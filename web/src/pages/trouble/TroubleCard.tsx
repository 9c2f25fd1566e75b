import { useId } from "react";
import { useLocation } from "wouter";
import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Countdown } from "./Countdown.tsx";
import { deedOf, factOf } from "./deed.ts";
import { switchOff, switchOn, TroubleError, type Trouble } from "./troubles.ts";
import { useLandingAfter } from "./useLandingAfter.ts";
import { useSwitch, useTrying } from "./useTroubles.ts";
import styles from "./Trouble.module.css";

interface Props {
  url: string;
  trouble: Trouble;
  /** Whether the person may place the order that meets it. */
  mayOrder: boolean;
}

/** A trouble: what it shows, what to look for, how long that takes, and a button to try it. */
export function TroubleCard({ url, trouble, mayOrder }: Props) {
  const { id, title, shows, lookFor, on, waitsFor } = trouble;
  const isOn = on !== null;
  const headingId = useId();
  const [heading, mayGo] = useLandingAfter<HTMLHeadingElement>();
  const [, navigate] = useLocation();
  const trying = useTrying(url);
  const begin = useSwitch(url, () => switchOn(url, id));
  const end = useSwitch(url, () => switchOff(url, id));
  const tryIt = () => {
    trying.mutate(trouble, { onSuccess: (orderId) => navigate(`/orders/${orderId}`) });
  };
  const switchIt = () => {
    if (isOn) {
      end.mutate(undefined);
    } else {
      begin.mutate(undefined);
    }
  };
  const deed = deedOf(trouble, mayOrder);
  const words = isOn ? "End it now" : "Start it";
  return (
    <li className={styles.card} data-on={isOn} aria-labelledby={headingId}>
      <div className={styles.head}>
        <h3 ref={heading} id={headingId} tabIndex={-1}>
          {title}
        </h3>
        {on && <Countdown endsAt={on.endsAt} />}
      </div>
      <p>{shows}</p>
      <p className={styles.look}>
        <strong>Look for:</strong> {lookFor}
      </p>
      <div className={styles.deeds}>
        {deed === "wait" && (
          <p className={styles.why}>Waits until “{waitsFor}” has ended, which stops the same queue.</p>
        )}
        {deed === "sign in" && <p className={styles.why}>This trouble is an order: sign in as a customer to try it.</p>}
        {deed === "try" && (
          <Button ref={mayGo} onClick={tryIt} isHeld={trying.isPending} aria-label={`Try it: ${title}`}>
            {trying.isPending ? "Trying…" : "Try it"}
          </Button>
        )}
        {(isOn || deed === "start") && (
          <Button
            ref={mayGo}
            onClick={switchIt}
            isHeld={begin.isPending || end.isPending}
            aria-label={`${words}: ${title}`}
          >
            {words}
          </Button>
        )}
        {!isOn && <span className={styles.fact}>{factOf(trouble, mayOrder)}</span>}
      </div>
      <Refused error={trying.error ?? begin.error ?? end.error} />
    </li>
  );
}

/** Why it did not work: the local AWS says it in its words, the API in those of the catalogue. */
function Refused({ error }: { error: Error | null }) {
  if (error === null) {
    return null;
  }
  const title = "That did not work";
  return error instanceof TroubleError ? (
    <Notice kind="bad" title={title}>
      {error.message}
    </Notice>
  ) : (
    <Failure {...{ title, error }} />
  );
}
