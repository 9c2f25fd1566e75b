import { SagaState } from "order-saga-client/operations";
import styles from "./StateBadge.module.css";

interface Look {
  word: string;
  style: "moving" | "back" | "good" | "over" | "bad";
  /** The icon's lines, in a square of 16. */
  lines: string;
}

/** How each state looks: an icon and a word, so that colour is never all there is. */
const LOOKS: Record<SagaState, Look> = {
  [SagaState.UNSPECIFIED]: { word: "Unknown", style: "over", lines: "M6 6a2 2 0 1 1 2 2.5V9.5M8 12v.1" },
  [SagaState.RUNNING]: { word: "Running", style: "moving", lines: "M5 3.5v9l7-4.5z" },
  [SagaState.COMPENSATING]: { word: "Undoing", style: "back", lines: "M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H7" },
  [SagaState.COMPLETED]: { word: "Completed", style: "good", lines: "m3 8.5 3.5 3.5L13 4.5" },
  [SagaState.COMPENSATED]: { word: "Undone", style: "over", lines: "M4 4l8 8M12 4l-8 8" },
  [SagaState.STUCK]: { word: "Stuck", style: "bad", lines: "M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.8v.1" },
  [SagaState.UNKNOWN]: { word: "Unknown", style: "over", lines: "M6 6a2 2 0 1 1 2 2.5V9.5M8 12v.1" },
};

/** What a saga's state is called. */
export function wordOf(state: SagaState): string {
  return LOOKS[state].word;
}

/** Where a saga stands as a whole: an icon and a word. */
export function StateBadge({ state }: { state: SagaState }) {
  const { word, style, lines } = LOOKS[state];
  return (
    <span className={`${styles.state} ${styles[style]}`}>
      <svg className={styles.icon} viewBox="0 0 16 16" aria-hidden="true">
        <path d={lines} />
      </svg>
      {word}
    </span>
  );
}
