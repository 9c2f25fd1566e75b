import type { Held } from "./held.ts";
import { SagaRow } from "./SagaRow.tsx";
import { usePlans } from "./usePlans.ts";
import styles from "./SagaTable.module.css";

interface Props {
  /** The id of its heading. */
  headingId: string;
  held: Held;
}

/** Sagas as a table, or as cards where a table has no room. */
export function SagaTable({ headingId, held }: Props) {
  const planOf = usePlans();
  return (
    <table className={styles.table} aria-labelledby={headingId}>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col" className={styles.words}>
            Saga
          </th>
          <th scope="col">Steps</th>
          <th scope="col">Subject</th>
          <th scope="col" className={styles.wide}>
            Latest command
          </th>
          <th scope="col" className={styles.reason}>
            Reason
          </th>
          <th scope="col" className={styles.started}>
            Started
          </th>
          <th scope="col">Duration</th>
        </tr>
      </thead>
      <tbody>
        {held.rows.map((saga) => (
          <SagaRow key={saga.sagaId} {...{ saga, planOf }} isGone={held.gone.has(saga.sagaId)} />
        ))}
      </tbody>
    </table>
  );
}
