import { durationOf, exactDurationOf } from "../ui/duration.ts";
import type { Span } from "./model/axis.ts";
import type { Run, Step } from "./model/run.ts";
import { STEP_WORDS, stateWords, titleOf } from "./model/words.ts";
import { StateIcon } from "./StateIcon.tsx";
import { TimelineLegend } from "./TimelineLegend.tsx";
import { useTouched } from "./touched.tsx";
import { ofLength, Scale, Track } from "./Track.tsx";
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
    <div className={styles.timeline} style={ofLength(span)}>
      <div className={styles.axis}>
        <Scale span={span} wordsOf={(at) => (at === 0 ? "0" : durationOf(at))} />
      </div>
      <ol className={styles.rows} aria-label="Timeline">
        {rows.map(({ name }) => {
          const step = run.steps.find((candidate) => candidate.name === name);
          return step && <Row key={name} {...{ step, span, now }} isNext={step === run.next} />;
        })}
      </ol>
      <TimelineLegend />
    </div>
  );
}

function Row({ step, span, now, isNext }: { step: Step; span: Span; now: number; isNext: boolean }) {
  const { name, state, outcome, sendings } = step;
  const { isTouched, touch } = useTouched(name);
  return (
    <li className={`${styles.row} ${isTouched ? styles.touched : ""}`} {...touch}>
      <span className={styles.name}>
        <StateIcon state={state} />
        {titleOf(name)}
      </span>
      <Track {...{ step, span, now }} />
      {outcome === undefined ? (
        <span className={styles.ahead}>{isNext ? "Next" : STEP_WORDS[state]}</span>
      ) : (
        <span className={styles.length}>
          <span className={styles.hidden}>{stateWords(step)}, after</span> {lengthOf(step, now)}
          {sendings > 1 && ` · sent ${sendings}×`}
        </span>
      )}
    </li>
  );
}

/** What is under way is told in whole seconds, since it is told once a second. */
function lengthOf({ attempts, endedAt }: Step, now: number): string {
  const first = attempts[0]?.at;
  if (first === undefined) {
    return "";
  }
  return endedAt === undefined ? durationOf(Math.max(now, first) - first) : exactDurationOf(endedAt - first);
}
