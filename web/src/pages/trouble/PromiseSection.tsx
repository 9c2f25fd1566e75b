import { useId } from "react";
import { TroubleCard } from "./TroubleCard.tsx";
import type { Trouble } from "./troubles.ts";
import styles from "./Trouble.module.css";

interface Props {
  url: string;
  /** In the words of the engine's README. */
  promise: string;
  troubles: readonly Trouble[];
  mayOrder: boolean;
}

/** A promise of the system, and the troubles that put it to the test. */
export function PromiseSection({ url, promise, troubles, mayOrder }: Props) {
  const heading = useId();
  return (
    <section className={styles.promise} aria-labelledby={heading}>
      <h2 id={heading}>{promise}</h2>
      <ul className={styles.cards}>
        {troubles.map((trouble) => (
          <TroubleCard key={trouble.id} {...{ url, trouble, mayOrder }} />
        ))}
      </ul>
    </section>
  );
}
