import { MARKS, type SignName } from "./signs.ts";
import styles from "./Sign.module.css";

const SHAPES: Readonly<Partial<Record<SignName, string>>> = {
  unknown: "M8 .8L15.2 8 8 15.2.8 8z",
  refused: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
  stuck: "M8 1l7.4 13.6H.6z",
};

/** The one sign of a state, wherever it is drawn: a shape and a mark, so that its colour is never needed. The word stands beside it. */
export function Sign({ of: name }: { of: SignName }) {
  const shape = SHAPES[name];
  return (
    <svg className={`${styles.sign} ${styles[name]}`} viewBox="0 0 16 16" aria-hidden="true">
      {shape ? <path className={styles.shape} d={shape} /> : <circle className={styles.shape} cx="8" cy="8" r="7" />}
      <path className={styles.mark} d={MARKS[name]} />
    </svg>
  );
}
