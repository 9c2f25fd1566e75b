import { durationOf, exactDurationOf } from "../ui/duration.ts";
import { barOf, marksOf, placeOf, type Span } from "./model/axis.ts";
import type { Run, Step } from "./model/run.ts";
import { dueWords, giveUpWords, stateWords, titleOf } from "./model/words.ts";
import { StateIcon } from "./StateIcon.tsx";
import { useTouched } from "./touched.tsx";
import styles from "./Timeline.module.css";

interface Props {
  run: Run;
  /** Every step that has a row, also if this moment of the run is before it. */
  rows: readonly Step[];
  span: Span;
  /** Milliseconds since 1970. */
  now: number;
}

/** A bar for each command on a common time axis: a mark for each sending, waiting apart from working. */
export function Timeline({ run, rows, span, now }: Props) {
  return (
    <div className={styles.timeline}>
      <div className={styles.axis} aria-hidden="true">
        {marksOf(span).map(({ at, place }) => (
          <span
            key={at}
            className={place > 92 ? styles.lastMark : styles.mark}
            style={{ insetInlineStart: `${place}%` }}
          >
            {at === 0 ? "0" : durationOf(at)}
          </span>
        ))}
      </div>
      <ol className={styles.rows} aria-label="Timeline">
        {rows.map(({ name }) => {
          const step = run.steps.find((candidate) => candidate.name === name);
          return step && <Row key={name} {...{ step, span, now }} />;
        })}
      </ol>
      {rows.some(({ sendings }) => sendings > 1) && (
        <p className={styles.legend} aria-hidden="true">
          <span className={styles.key}>
            <span className={styles.sample} /> waited without an answer
          </span>
          <span className={styles.key}>
            <span className={`${styles.sample} ${styles.solid}`} /> the latest sending
          </span>
        </p>
      )}
    </div>
  );
}

function Row({ step, span, now }: { step: Step; span: Span; now: number }) {
  const { name, state, attempts, endedAt, sendings } = step;
  const { isTouched, touch } = useTouched(name);
  const first = attempts[0]?.at;
  const length = lengthOf(first, endedAt, now);
  const due = [sendings > 1 ? `sent ${sendings}×` : "", dueWords(step, now), giveUpWords(step, now)].filter(Boolean);
  return (
    <li className={`${styles.row} ${isTouched ? styles.touched : ""}`} {...touch}>
      <span className={styles.name}>
        <StateIcon state={state} />
        {titleOf(name)}
        <span className={styles.hidden}>: {stateWords(step)}, after</span>
      </span>
      <span className={styles.length}>{length}</span>
      <Track {...{ step, span, now }} />
      {due.length > 0 && <span className={styles.due}>{due.join(" · ")}</span>}
    </li>
  );
}

/** What is under way is told in whole seconds, since it is told once a second. */
function lengthOf(first: number | undefined, endedAt: number | undefined, now: number): string {
  if (first === undefined) {
    return "";
  }
  return endedAt === undefined ? durationOf(Math.max(now, first) - first) : exactDurationOf(endedAt - first);
}

function Track({ step, span, now }: { step: Step; span: Span; now: number }) {
  const bar = barOf(step, span, now);
  const deadline = step.due && step.due.at <= span.to ? placeOf(span, step.due.at) : undefined;
  return (
    <span
      className={`${styles.track} ${styles[step.class]} ${step.endedAt === undefined ? styles.open : ""}`}
      aria-hidden="true"
    >
      {marksOf(span).map(({ at, place }) => (
        <span key={at} className={styles.grid} style={{ insetInlineStart: `${place}%` }} />
      ))}
      {bar && bar.waited.length > 0 && <span className={styles.waited} style={partOf(bar.waited)} />}
      {bar && step.outcome !== "unknown" && <span className={styles.worked} style={partOf(bar.worked)} />}
      {bar?.ticks.map((place, at) => (
        <span key={at} className={styles.tick} style={{ insetInlineStart: `${place}%` }} />
      ))}
      {deadline !== undefined && <span className={styles.deadline} style={{ insetInlineStart: `${deadline}%` }} />}
    </span>
  );
}

function partOf({ from, length }: { from: number; length: number }) {
  return { insetInlineStart: `${from}%`, inlineSize: `${length}%` };
}
