import type { ReactNode } from "react";
import { exactDurationOf } from "../ui/duration.ts";
import type { Box } from "./model/layout.ts";
import type { Step } from "./model/run.ts";
import { CLASS_WORDS, dueWords, STEP_WORDS, titleOf } from "./model/words.ts";
import { StateIcon } from "./StateIcon.tsx";
import styles from "./StepCard.module.css";

interface Props {
  step: Step;
  now: number;
  /** Where it stands; in the flow if that is not known. */
  box: Box | undefined;
  /** The id of its entry in the log; undefined before it is sent. */
  entryId: string | undefined;
  isNext: boolean;
}

/** A step of the diagram: what it is, how it stands, and the way to its entry in the log. */
export function StepCard({ step, now, box, entryId, isNext }: Props) {
  const { name, service, class: kind, state, attempts, endedAt, sendings } = step;
  const [first] = attempts;
  const length = first && endedAt !== undefined ? exactDurationOf(endedAt - first.at) : undefined;
  const place = box && { left: box.x, top: box.y, width: box.width, height: box.height };
  return (
    <li className={[styles.card, styles[kind], styles[state], box ? styles.placed : ""].join(" ")} style={place}>
      <Way {...{ entryId }}>
        <span className={styles.meta}>
          <span>{CLASS_WORDS[kind]}</span> <span>{service}</span>
        </span>
        <span className={styles.name}>{titleOf(name)}</span>
        <span className={styles.state}>
          <StateIcon state={state} />
          <span>{isNext ? "Next" : STEP_WORDS[state]}</span>
          {sendings > 1 && <span className={styles.number}>sent {sendings}×</span>}
          {sendings <= 1 && length !== undefined && <span className={styles.number}>{length}</span>}
        </span>
        <span className={styles.due}>{dueWords(step, now)}</span>
      </Way>
    </li>
  );
}

function Way({ entryId, children }: { entryId: string | undefined; children: ReactNode }) {
  return entryId === undefined ? (
    <div className={styles.content}>{children}</div>
  ) : (
    <a className={styles.content} href={`#${entryId}`}>
      {children}
    </a>
  );
}
