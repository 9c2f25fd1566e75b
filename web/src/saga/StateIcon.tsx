import type { StepState } from "./model/run.ts";
import type { Standing } from "./model/told.ts";
import styles from "./StateIcon.module.css";

const SIGNS: Readonly<Record<StepState, string>> = {
  ahead: "",
  standby: "",
  running: "M8 8h.01",
  succeeded: "M4.8 8.3l2.2 2.2 4.2-4.8",
  refused: "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
  unknown: "M6.1 6.4a1.95 1.95 0 1 1 2.9 1.7c-.7.4-1 .8-1 1.4M8 11.6h.01",
  undone: "M6.6 4.6L4.6 6.6l2 2M4.8 6.6h4.3a2.3 2.3 0 0 1 0 4.6H6.6",
  unneeded: "M5.4 8h5.2",
  stuck: "M8 5.6v3.4M8 11.4h.01",
};

const SHAPES: Partial<Record<StepState, string>> = {
  unknown: "M8 .8L15.2 8 8 15.2.8 8z",
  refused: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
  stuck: "M8 1l7.4 13.6H.6z",
};

const OF_STANDING: Readonly<Record<Standing, StepState>> = {
  running: "running",
  compensating: "undone",
  completed: "succeeded",
  compensated: "undone",
  stuck: "stuck",
  unknown: "unknown",
};

/** The sign of a step's state: a shape and a mark, so that its colour is never needed. The word stands beside it. */
export function StateIcon({ state }: { state: StepState }) {
  const shape = SHAPES[state];
  return (
    <svg className={`${styles.icon} ${styles[state]}`} viewBox="0 0 16 16" aria-hidden="true">
      {shape ? <path className={styles.shape} d={shape} /> : <circle className={styles.shape} cx="8" cy="8" r="7" />}
      <path className={styles.sign} d={SIGNS[state]} />
    </svg>
  );
}

/** The sign of a saga's state. */
export function StandingIcon({ standing }: { standing: Standing }) {
  return <StateIcon state={OF_STANDING[standing]} />;
}
