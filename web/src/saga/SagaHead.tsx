import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ReactNode } from "react";
import { CopyId } from "../ui/CopyId.tsx";
import { When } from "../ui/When.tsx";
import { durationOf, exactDurationOf } from "../ui/duration.ts";
import { isOver, type Run } from "./model/run.ts";
import { waitingOf } from "./model/waiting.ts";
import { courseOf, STANDING_WORDS, titleOf, whereOf } from "./model/words.ts";
import { StandingIcon } from "./StateIcon.tsx";
import styles from "./SagaHead.module.css";

interface Props {
  run: Run;
  now: number;
  headingId: string;
  /** Whether the run was under way when its page was opened: room is kept for whatever may still be told of it. */
  isMoving: boolean;
  children?: ReactNode;
}

/** Which saga this is, how it stands, why, and what comes next. */
export function SagaHead({ run, now, headingId, isMoving, children }: Props) {
  const { id, name, version, standing } = run;
  return (
    <div className={styles.head}>
      <div className={styles.line}>
        <h2 id={headingId}>{name === "" ? "A saga" : titleOf(name)}</h2>
        <span className={`${styles.standing} ${styles[standing]}`}>
          <StandingIcon standing={standing} />
          {STANDING_WORDS[standing]}
        </span>
        {id !== undefined && version > 0 && <span className={styles.soft}>version {version}</span>}
        <span className={styles.end}>{children}</span>
      </div>
      <Facts {...{ run, now }} />
      <Story {...{ run, now, isMoving }} />
    </div>
  );
}

/** What is told aloud stays as it is while a reply is awaited; only what is beside it is counted down. */
function Story({ run, now, isMoving }: Pick<Props, "run" | "now" | "isMoving">) {
  const { turnedAt, id, at, standing } = run;
  const reason = turnedAt?.outcome === "unknown" ? "NO_ANSWER" : (turnedAt?.reason ?? "");
  return (
    <div className={isMoving ? `${styles.story} ${styles.moving}` : styles.story}>
      <p className={styles.now}>
        <span role="status">{whereOf(run)}</span>
        <span className={styles.number}>{waitingOf(run, now)}</span>
      </p>
      <p role="status" className={styles.soft}>
        {courseOf(run)} {id !== undefined && reason !== "" && <code>{reason}</code>}
      </p>
      {id !== undefined && standing === "stuck" && at && (
        <p>
          Look at the log of the function <code>{at.name}</code>, and at what its queue has set aside:{" "}
          <code>make redrive QUEUE={at.name}</code>. The saga goes on by itself once it is answered.
        </p>
      )}
    </div>
  );
}

function Facts({ run, now }: Pick<Props, "run" | "now">) {
  const { startedAt, endedAt, standing, subject, id } = run;
  return (
    <dl className={styles.facts}>
      {startedAt !== undefined && (
        <div>
          <dt>Started</dt>
          <dd>
            <When at={timestampFromMs(startedAt)} />
          </dd>
        </div>
      )}
      {startedAt !== undefined && (endedAt !== undefined || !isOver(standing)) && (
        <div>
          <dt>{endedAt === undefined ? "Under way for" : "Took"}</dt>
          <dd className={styles.number}>
            {endedAt === undefined ? durationOf(now - startedAt) : exactDurationOf(endedAt - startedAt)}
          </dd>
        </div>
      )}
      {id && (
        <div>
          <dt>Saga</dt>
          <dd>
            <CopyId id={id} what="the saga's id" />
          </dd>
        </div>
      )}
      {subject !== "" && (
        <div>
          <dt>About</dt>
          <dd>
            <CopyId id={subject} what="the id of what the saga is about" />
          </dd>
        </div>
      )}
    </dl>
  );
}
