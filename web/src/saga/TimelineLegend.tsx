import styles from "./TimelineLegend.module.css";

/** What the signs of a timeline mean. All of them are always told, so that nothing moves when one is needed. */
export function TimelineLegend() {
  return (
    <p className={styles.legend} aria-hidden="true">
      <span className={styles.key}>
        <span className={styles.tick} /> sent
      </span>
      <span className={styles.key}>
        <span className={`${styles.sample} ${styles.waited}`} /> waited without an answer
      </span>
      <span className={styles.key}>
        <span className={`${styles.sample} ${styles.awaited}`} /> awaited now
      </span>
      <span className={styles.key}>
        <span className={`${styles.sample} ${styles.answered}`} /> answered
      </span>
      <span className={styles.key}>
        <span className={styles.deadline} /> deadline
      </span>
    </p>
  );
}
