import styles from "./Loading.module.css";

/** Something is on its way. It shows itself only if that takes a while, so that nothing flickers. */
export function Loading({ what }: { what: string }) {
  return (
    <p className={styles.loading} role="status">
      Loading {what}…
    </p>
  );
}
