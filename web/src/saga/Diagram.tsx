import { useMemo } from "react";
import type { Box } from "./model/layout.ts";
import { layoutOf } from "./model/layout.ts";
import type { End } from "./model/plan.ts";
import type { Run } from "./model/run.ts";
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

/** A run over its saga's graph: forth in one row, back in another. Made from the definition alone. */
export function Diagram({ run, now, entryIdOf }: Props) {
  const [ref, width] = useWidth();
  const { plan } = run;
  const layout = useMemo(() => (plan && width > 0 ? layoutOf(plan, width) : undefined), [plan, width]);
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
            />
          ))}
        </ol>
        {layout && [...layout.ends].map(([end, box]) => <Ending key={end} {...{ end, box, run }} />)}
      </div>
    </div>
  );
}

/** The transaction that started the saga; the head above says it in words. */
function Start({ box, run }: { box: Box; run: Run }) {
  const type = run.startedBy?.type.split(".").at(-1);
  return (
    <div
      className={`${styles.start} ${run.standing === "compensated" ? styles.gone : ""}`}
      style={styleOf(box)}
      aria-hidden="true"
    >
      <span className={styles.meta}>start</span>
      <span className={styles.startName}>
        {type ? titleOf(type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()) : "Started"}
      </span>
    </div>
  );
}

function Ending({ end, box, run }: { end: End; box: Box; run: Run }) {
  const isReached = run.standing === end;
  return (
    <div className={styles.end} style={styleOf(box)} aria-hidden="true">
      <span className={`${styles.pill} ${isReached ? styles[end] : ""}`}>
        {isReached && <StateIcon state={end === "completed" ? "succeeded" : "undone"} />}
        {end === "completed" ? "Completed" : "Undone"}
      </span>
    </div>
  );
}

function styleOf({ x, y, width, height }: Box) {
  return { left: x, top: y, width, height };
}
