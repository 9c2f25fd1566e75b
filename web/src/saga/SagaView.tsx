import { useId, useMemo, useState, type ReactNode } from "react";
import type { SagaDefinition } from "order-saga-client/operations";
import { Button } from "../ui/Button.tsx";
import { Loading } from "../ui/Loading.tsx";
import { useNow } from "../ui/useNow.ts";
import { Diagram } from "./Diagram.tsx";
import { Log } from "./Log.tsx";
import { spanOf } from "./model/axis.ts";
import { latestOf } from "./model/moments.ts";
import { planOf } from "./model/plan.ts";
import { rowsOf } from "./model/rows.ts";
import { isOver, runOf } from "./model/run.ts";
import type { Told } from "./model/told.ts";
import { dueWords } from "./model/words.ts";
import { SagaHead } from "./SagaHead.tsx";
import { Timeline } from "./Timeline.tsx";
import { TouchedSteps } from "./touched.tsx";
import { usePlaying } from "./usePlaying.ts";
import styles from "./SagaView.module.css";

interface Props {
  told: Told;
  /** Every definition that is known. */
  definitions: readonly SagaDefinition[] | undefined;
  /** Whether they could not be read; while they may still come, no step is drawn, as it would soon be drawn anew. */
  areMissing: boolean;
  /** What the page adds beside the heading, such as links. */
  children?: ReactNode;
}

/** A saga with everything that is known of it: the diagram, the timeline and the messages. */
export function SagaView({ told, definitions, areMissing, children }: Props) {
  const prefix = useId();
  const headingId = `${prefix}heading`;
  const definition = definitions?.find(({ name, version }) => name === told.name && version === told.version);
  const plan = useMemo(() => definition && planOf(definition), [definition]);
  const [isMoving] = useState(!isOver(told.standing));
  const { shown, isNow, isReplay, replay, catchUp } = usePlaying(told);
  const now = Math.max(useNow(), latestOf(told));
  const run = useMemo(() => runOf(told, plan), [told, plan]);
  const frame = useMemo(() => (isNow ? run : runOf(shown, plan, false)), [isNow, run, shown, plan]);
  const frameNow = isNow ? now : latestOf(shown);
  const end = told.endedAt ?? (isOver(told.standing) ? latestOf(told) : now);
  const span = spanOf(told.startedAt ?? run.sent[0]?.attempts[0]?.at ?? end, end, run.at?.due?.at);
  // The same after a reload, so that a link to a step can be given away, and another for each saga of a page.
  const entryIdOf = (step: string) => `${step}-${told.startedAt ?? prefix}`;
  return (
    <section className={styles.saga} aria-labelledby={headingId}>
      <SagaHead run={frame} now={frameNow} {...{ headingId, isMoving }}>
        {children}
      </SagaHead>
      {definitions || areMissing ? (
        <TouchedSteps>
          <div className={styles.part}>
            <Diagram run={frame} now={frameNow} entryIdOf={entryIdOf} />
            {!run.plan && run.steps.length > 0 && (
              <p className={styles.soft}>
                {definitions
                  ? "This version’s definition is not known any more"
                  : "How this saga is made could not be read"}
                : these are its commands as they were sent.
              </p>
            )}
          </div>
          {run.steps.length > 0 && (
            <>
              <div className={styles.part}>
                <div className={styles.bar}>
                  <h3>Timeline</h3>
                  {frame.at?.due && <span className={styles.due}>{dueWords(frame.at, frameNow)}</span>}
                  {isOver(told.standing) && (isNow || isReplay) && (
                    <Button kind="quiet" onClick={isReplay ? catchUp : replay}>
                      {isReplay ? "■ Stop" : "↻ Play again"}
                    </Button>
                  )}
                </div>
                <Timeline run={frame} rows={rowsOf(isReplay ? run : frame)} span={span} now={frameNow} />
              </div>
              <div className={styles.part}>
                <Log run={isReplay ? run : frame} entryIdOf={entryIdOf} />
              </div>
            </>
          )}
        </TouchedSteps>
      ) : (
        <Loading what="its steps" />
      )}
    </section>
  );
}
