import { useEffect } from "react";
import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { More } from "../../ui/More.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useLanding } from "../../ui/useLanding.ts";
import { isLost, type Listing } from "./listing.ts";
import styles from "./SagaList.module.css";

const FULL = "That is as many as are shown at once: narrow the filters to see others.";

interface Props {
  listing: Pick<Listing, "sagas" | "next" | "isFull">;
  /** What is said if there is no saga. */
  nothing: string;
  /** What became of reading on. */
  more: { error: unknown; isPending: boolean; mutate: () => void };
  /** Begins the list anew. */
  startAgain: () => void;
}

/** What comes after the sagas that are shown, or instead of them. */
export function Rest({ listing: { sagas, next, isFull }, nothing, more, startAgain }: Props) {
  const isEmpty = sagas.length === 0;
  if (isLost(more.error)) {
    return <Lost startAgain={startAgain} />;
  }
  const onward = next && { show: () => more.mutate(), isOnItsWay: more.isPending };
  return (
    <>
      {isEmpty && !onward && <p className={styles.quiet}>{nothing}</p>}
      {isEmpty && onward && (
        <Notice kind="plain" title="Nothing among the latest sagas">
          Older sagas have not been looked at yet.
        </Notice>
      )}
      <More
        more={onward}
        what="sagas"
        words={isEmpty ? "Look further" : "Show more"}
        full={isFull ? FULL : undefined}
      />
      {more.error !== null && (
        <Failure
          title="No more sagas can be listed now"
          error={more.error}
          retry={() => more.mutate()}
          asksAgain={false}
        />
      )}
    </>
  );
}

/** The end of what the service can list; the button that led here is gone, and so would be the keyboard's place. */
function Lost({ startAgain }: Pick<Props, "startAgain">) {
  const [words, land] = useLanding<HTMLParagraphElement>();
  useEffect(() => land("if lost"), [land]);
  return (
    <Notice kind="plain" title="The list cannot be read on from here">
      <p ref={words} tabIndex={-1}>
        A list leads back only so far, and for a day at most. Narrow the filters to see older sagas, or start again from
        the latest.
      </p>
      <Button onClick={startAgain}>Start again</Button>
    </Notice>
  );
}
