import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { isLost, type Listing } from "./listing.ts";
import styles from "./SagaList.module.css";

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
  if (isFull) {
    return <p className={styles.quiet}>That is as many as are shown at once: narrow the filters to see others.</p>;
  }
  if (next === undefined) {
    return isEmpty ? <p className={styles.quiet}>{nothing}</p> : null;
  }
  if (isLost(more.error)) {
    return (
      <Notice kind="plain" title="The list cannot be read on from here">
        <p>
          A list leads back only so far, and for a day at most. Narrow the filters to see older sagas, or start again
          from the latest.
        </p>
        <Button onClick={startAgain}>Start again</Button>
      </Notice>
    );
  }
  const button = (
    <Button disabled={more.isPending} onClick={() => more.mutate()}>
      {isEmpty ? "Look further" : "Show more"}
    </Button>
  );
  return (
    <>
      {isEmpty ? (
        <Notice kind="plain" title="Nothing among the latest sagas">
          <p>Older sagas have not been looked at yet.</p>
          {button}
        </Notice>
      ) : (
        button
      )}
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
