import { useEffect, useState } from "react";
import { Button } from "./Button.tsx";
import { useLanding } from "./useLanding.ts";
import styles from "./More.module.css";

interface Props {
  /** How to show more; undefined if there is nothing more. */
  more: { show: () => void; isOnItsWay: boolean } | undefined;
  /** What the list is of, such as "orders". */
  what: string;
  /** What the button says, other than "Show more". */
  words?: string;
  /** What is said if there are more than can be shown. */
  full?: string | undefined;
}

/**
 * The way to the rest of a list. Whoever presses it by the keyboard keeps the focus, also when there is nothing more, and the
 * page stays where it is: what was asked for begins where the button was.
 */
export function More({ more, what, words = "Show more", full }: Props) {
  // Whether more was on its way when there was more for the last time: a list may also end by itself, as entries go.
  const [wasAsked, setAsked] = useState(false);
  if (more !== undefined && more.isOnItsWay !== wasAsked) {
    setAsked(more.isOnItsWay);
  }
  const [end, land] = useLanding<HTMLParagraphElement>();
  const hasEnded = wasAsked && more === undefined;
  useEffect(() => {
    if (hasEnded) {
      land("if lost");
    }
  }, [hasEnded, land]);
  if (more === undefined) {
    return (
      (hasEnded || full !== undefined) && (
        <p ref={end} tabIndex={-1} className={styles.end}>
          {full ?? `These are all ${what}.`}
        </p>
      )
    );
  }
  return (
    <Button className={styles.more ?? ""} isHeld={more.isOnItsWay} onClick={more.show}>
      {more.isOnItsWay ? `Loading more ${what}…` : words}
    </Button>
  );
}
