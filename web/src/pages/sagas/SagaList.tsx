import { useId } from "react";
import { Failure } from "../../ui/Failure.tsx";
import { Loading } from "../../ui/Loading.tsx";
import { useLanding } from "../../ui/useLanding.ts";
import { heldWords } from "./held.ts";
import { Rest } from "./Rest.tsx";
import { SagaTable } from "./SagaTable.tsx";
import { useHeld } from "./useHeld.ts";
import type { Sagas } from "./useSagas.ts";
import styles from "./SagaList.module.css";

interface Props {
  title: string;
  /** What is said if there is no saga. */
  nothing: string;
  sagas: Sagas;
}

/** Sagas with a heading, and what is to be said of the list as a whole. */
export function SagaList({ title, nothing, sagas: { listing, more, startAgain } }: Props) {
  const headingId = useId();
  const [heading, land] = useLanding<HTMLHeadingElement>();
  const { data, error, isPending, isPlaceholderData, refetch } = listing;
  const { held, letGo, hands } = useHeld(data?.sagas ?? [], isPlaceholderData);
  const again = () => {
    letGo();
    startAgain();
    land();
  };
  return (
    <section className={styles.section} aria-labelledby={headingId} aria-busy={isPlaceholderData} {...hands}>
      <div className={styles.head}>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <span className={styles.quiet}>{heldWords(held)}</span>
      </div>
      {error && (
        <Failure
          title="The sagas cannot be listed now"
          error={error}
          readAt={listing.dataUpdatedAt}
          retry={() => void refetch()}
        />
      )}
      {isPending && <Loading what="the sagas" />}
      {held.rows.length > 0 && <SagaTable {...{ headingId, held }} />}
      {data && <Rest {...{ listing: data, nothing, more }} startAgain={again} />}
    </section>
  );
}
