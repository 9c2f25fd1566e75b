import { MARKS, type SignName } from "../ui/signs.ts";
import { STEP_WORDS, titleOf } from "./model/words.ts";
import { stripWords, type Box } from "./model/strip.ts";
import styles from "./Strip.module.css";

/** The side of a box, and how far its neighbour stands from its left edge. */
const [SIDE, STEP] = [16, 20];

/** What a box has in it; what is done is full, and what is ahead is empty. */
const IN_BOX: Readonly<Partial<Record<Box["state"], SignName>>> = {
  running: "running",
  refused: "refused",
  unknown: "unknown",
  undone: "undone",
  stuck: "stuck",
};

/** How far a saga got at one glance: a small box for each forward step. */
export function Strip({ boxes }: { boxes: readonly Box[] }) {
  const width = boxes.length * STEP - (STEP - SIDE);
  return (
    <svg
      className={styles.strip}
      viewBox={`-1 -1 ${width + 2} ${SIDE + 2}`}
      preserveAspectRatio="xMinYMid"
      role="img"
      aria-label={stripWords(boxes)}
    >
      {boxes.map(({ name, class: kind, state }, at) => {
        const sign = IN_BOX[state];
        return (
          <g key={name} className={`${styles[kind]} ${styles[state]}`} transform={`translate(${at * STEP} 0)`}>
            <title>{`${titleOf(name)}: ${state === "unclear" ? "Not told here" : STEP_WORDS[state]}`}</title>
            <rect className={styles.box} width={SIDE} height={SIDE} rx="3" />
            {sign && <path className={styles.mark} d={MARKS[sign]} />}
          </g>
        );
      })}
    </svg>
  );
}
