import { useMemo } from "react";
import { layoutOf, type Box, type Layout } from "./model/layout.ts";
import type { End } from "./model/plan.ts";
import type { Run, Step } from "./model/run.ts";
import type { Fit } from "./model/sizes.ts";
import { titleOf } from "./model/words.ts";
import { DiagramLines } from "./DiagramLines.tsx";
import { StateIcon } from "./StateIcon.tsx";
import { StepCard } from "./StepCard.tsx";
import { useWidth } from "./useWidth.ts";
import styles from "./Diagram.module.css";

interface Props {
  run: Run;
  /** Milliseconds since 1970. */
  now: number;
  /** The id of a step's entry in the log. */
  entryIdOf: (step: string) => string;
}

/** A run over its saga's graph: forth in one row, back in another, small until it is taken. Made from the definition alone. */
export function Diagram({ run, now, entryIdOf }: Props) {
  const [ref, width] = useWidth();
  const { plan } = run;
  const goesBack = hasTurned(run);
  const layout = useMemo(
    () => (plan && width > 0 ? layoutOf(plan, width, goesBack) : undefined),
    [plan, width, goesBack],
  );
  const size = layout && { inlineSize: layout.width, blockSize: layout.height };
  return (
    <div ref={ref} className={styles.frame}>
      <div className={layout ? styles.stage : undefined} style={size}>
        {layout && <DiagramLines {...{ layout, run }} />}
        {layout && <Start box={layout.start} run={run} />}
        <ol className={layout ? styles.placed : styles.list} aria-label="Steps">
          {run.steps.map((step) => (
            <StepCard
              key={step.name}
              {...{ step, now }}
              box={layout?.steps.get(step.name)}
              entryId={step.outcome && entryIdOf(step.name)}
              isNext={step === run.next}
              fit={layout && fitOf(layout, step)}
              isQuiet={layout !== undefined && !goesBack && step.undoes !== undefined}
            />
          ))}
        </ol>
        {layout && [...layout.ends].map(([end, box]) => <Ending key={end} {...{ end, box, run }} />)}
        {layout?.note && <Note at={layout.note} run={run} />}
      </div>
    </div>
  );
}

/** Cards that stand beside each other have their lines at the same heights; an undo below its step needs no two for its class. */
function fitOf({ fit, direction }: Layout, { undoes }: Step): Fit {
  return direction === "wide" && undoes !== undefined ? { ...fit, isStacked: false } : fit;
}

/** Whether the saga has gone back: from then on its undos are what there is to see. */
function hasTurned({ turnedAt, sent }: Run): boolean {
  return turnedAt !== undefined || sent.some(({ undoes }) => undoes !== undefined);
}

/** The transaction that started the saga; the head above says it in words. */
function Start({ box, run }: { box: Box; run: Run }) {
  const type = run.startedBy?.type.split(".").at(-1);
  return (
    <div
      className={`${styles.pill} ${styles.start} ${run.standing === "compensated" ? styles.gone : ""}`}
      style={styleOf(box)}
      aria-hidden="true"
    >
      <span className={styles.startName}>
        {type ? titleOf(type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()) : "Started"}
      </span>
    </div>
  );
}

function Ending({ end, box, run }: { end: End; box: Box; run: Run }) {
  const isReached = run.standing === end;
  return (
    <div className={`${styles.pill} ${isReached ? styles[end] : ""}`} style={styleOf(box)} aria-hidden="true">
      {isReached && <StateIcon state={end === "completed" ? "succeeded" : "undone"} />}
      {end === "completed" ? "Completed" : "Undone"}
    </div>
  );
}

/** What is true of all undos until the saga goes back; each of them says it to a screen reader. */
function Note({ at, run }: { at: NonNullable<Layout["note"]>; run: Run }) {
  const mayBeNeeded = run.steps.some(({ undoes, state }) => undoes !== undefined && state === "standby");
  return (
    <p className={styles.note} style={{ left: at.x, top: at.y, width: at.width }} aria-hidden="true">
      {mayBeNeeded ? "Undo, only if needed" : "Undo, not needed"}
    </p>
  );
}

function styleOf({ x, y, width, height }: Box) {
  return { left: x, top: y, width, height };
}
