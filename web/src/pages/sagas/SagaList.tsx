import { useId } from "react";
import { Button } from "../../ui/Button.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SagaRow } from "./SagaRow.tsx";
import type { Listing } from "./listing.ts";
import { usePlans } from "./usePlans.ts";
import type { Sagas } from "./useSagas.ts";
import styles from "./SagaList.module.css";

interface Props {
  title: string;
  /** What is said if there is no saga. */
  nothing: string;
  sagas: Sagas;
}

/** Sagas with a heading: a table, or cards where a table has no room. */
export function SagaList({ title, nothing, sagas: { listing, more } }: Props) {
  const heading = useId();
  const { data, error, isPending, isPlaceholderData, refetch } = listing;
  const again = () => void refetch();
  return (
    <section className={styles.section} aria-labelledby={heading} aria-busy={isPlaceholderData}>
      <h2 id={heading}>{title}</h2>
      {error && <Failure title="The sagas cannot be listed now" error={error} retry={again} />}
      {isPending && <Loading what="the sagas" />}
      {data && data.sagas.length > 0 && <SagaTable heading={heading} sagas={data.sagas} />}
      {data && <Rest listing={data} nothing={nothing} more={more} />}
      {more.error && <Failure title="No more sagas can be listed now" error={more.error} retry={() => more.mutate()} />}
    </section>
  );
}

function SagaTable({ heading, sagas }: { heading: string; sagas: Listing["sagas"] }) {
  const planOf = usePlans();
  return (
    <table className={styles.table} aria-labelledby={heading}>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col" className={styles.words}>
            Saga
          </th>
          <th scope="col" className={styles.short}>
            Steps
          </th>
          <th scope="col" className={styles.short}>
            Subject
          </th>
          <th scope="col" className={styles.wide}>
            Latest command
          </th>
          <th scope="col" className={styles.words}>
            Reason
          </th>
          <th scope="col">Started</th>
          <th scope="col">Duration</th>
        </tr>
      </thead>
      <tbody>
        {sagas.map((saga) => (
          <SagaRow key={saga.sagaId} {...{ saga, planOf }} />
        ))}
      </tbody>
    </table>
  );
}

/** What comes after the sagas that are shown, or instead of them. */
function Rest({ listing, nothing, more }: { listing: Listing; nothing: string; more: Sagas["more"] }) {
  if (listing.isFull) {
    return <p className={styles.quiet}>That is as many as are shown at once: narrow the filters to see others.</p>;
  }
  const isEmpty = listing.sagas.length === 0;
  if (listing.next === undefined) {
    return isEmpty ? <p className={styles.quiet}>{nothing}</p> : null;
  }
  const button = (
    <Button disabled={more.isPending} onClick={() => more.mutate()}>
      {isEmpty ? "Look further" : "Show more"}
    </Button>
  );
  return isEmpty ? (
    <Notice kind="plain" title="Nothing among the latest sagas">
      <p>Older sagas have not been looked at yet.</p>
      {button}
    </Notice>
  ) : (
    button
  );
}
