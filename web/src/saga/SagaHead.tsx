import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { entryOf } from "order-saga-client";
import type { ReactNode } from "react";
import { CopyId } from "../ui/CopyId.tsx";
import { When } from "../ui/When.tsx";
import { durationOf, exactDurationOf } from "../ui/duration.ts";
import { isOver, type Run } from "./model/run.ts";
import { STANDING_WORDS, storyOf, titleOf } from "./model/words.ts";
import { StandingIcon } from "./StateIcon.tsx";
import styles from "./SagaHead.module.css";

interface Props {
  run: Run;
  now: number;
  headingId: string;
  children?: ReactNode;
}

/** Which saga this is, how it stands, why, and what comes next. */
export function SagaHead({ run, now, headingId, children }: Props) {
  const { name, version, standing, turnedAt } = run;
  const reason = turnedAt?.outcome === "unknown" ? "NO_ANSWER" : (turnedAt?.reason ?? "");
  return (
    <div className={styles.head}>
      <div className={styles.line}>
        <h2 id={headingId}>{name === "" ? "A saga" : titleOf(name)}</h2>
        <span className={`${styles.standing} ${styles[standing]}`}>
          <StandingIcon standing={standing} />
          {STANDING_WORDS[standing]}
        </span>
        {version > 0 && <span className={styles.soft}>version {version}</span>}
        <span className={styles.end}>{children}</span>
      </div>
      <p role="status">{storyOf(run)}</p>
      {reason !== "" && (
        <p className={styles.reason}>
          <code>{reason}</code> <span>{entryOf(reason)?.tell}</span>
        </p>
      )}
      <Facts {...{ run, now }} />
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
