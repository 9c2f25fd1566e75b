import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Command, SagaSummary } from "order-saga-client/operations";
import { entryOf } from "order-saga-client";
import { Link } from "wouter";
import { CopyId } from "../../ui/CopyId.tsx";
import { StateBadge } from "../../saga/StateBadge.tsx";
import { outcomeOf, standingOf, type Outcome } from "../../saga/model/told.ts";
import { STEP_WORDS, titleOf } from "../../saga/model/words.ts";
import { When } from "../../ui/When.tsx";
import { durationOf } from "../../ui/duration.ts";
import { useNow } from "../../ui/useNow.ts";
import { Progress } from "./Progress.tsx";
import type { PlanOf } from "./usePlans.ts";
import styles from "./SagaTable.module.css";

interface Props {
  saga: SagaSummary;
  planOf: PlanOf;
  /** Whether it is not in the list any more, and only stays in its place. */
  isGone: boolean;
}

/** A saga as a row of the table, which leads to the saga. */
export function SagaRow({ saga, planOf, isGone }: Props) {
  const { sagaId, name, version, state, subject, startedAt, latest, reason } = saga;
  const plan = planOf(saga);
  return (
    <tr className={isGone ? styles.gone : undefined}>
      <td>
        <StateBadge standing={standingOf(state)} />
      </td>
      <td>
        <Link className={styles.link} href={`/sagas/${sagaId}`} title={`${name} version ${version}, ${sagaId}`}>
          {name === "" ? "Unknown saga" : titleOf(name)}{" "}
          <span className={styles.soft}>{version > 0 && `v${version}`}</span>
          <span className={styles.unseen}> {sagaId}</span>
        </Link>
      </td>
      <td className={styles.progress}>{plan === null ? <Nothing /> : plan && <Progress saga={saga} plan={plan} />}</td>
      <td className={styles.subject}>{subject === "" ? <Nothing /> : <CopyId id={subject} what="subject" />}</td>
      <td className={styles.latest}>{latest ? <Latest command={latest} /> : <Nothing />}</td>
      <td className={styles.reason}>
        {reason === "" ? <Nothing /> : <code title={entryOf(reason)?.tell}>{reason}</code>}
      </td>
      <td className={styles.started}>{startedAt ? <When at={startedAt} /> : <Nothing />}</td>
      <td className={styles.duration}>
        <Duration {...saga} />
      </td>
    </tr>
  );
}

/** The page of a saga says the same of its steps. */
const OUTCOMES: Readonly<Record<Outcome, string>> = {
  sent: STEP_WORDS.running,
  succeeded: STEP_WORDS.succeeded,
  refused: STEP_WORDS.refused,
  unknown: STEP_WORDS.unknown,
};

/** The latest command, what became of it, and how often it was sent. */
function Latest({ command: { name, state, repeats } }: { command: Command }) {
  return (
    <>
      <span className={styles.raw} title={name}>
        {titleOf(name)}
      </span>{" "}
      <span className={styles.soft}>
        {OUTCOMES[outcomeOf(state)].toLowerCase()}
        {repeats > 0 && `, sent ${repeats + 1}×`}
      </span>
    </>
  );
}

/** How long the saga took, or has taken until now. */
function Duration({ startedAt, endedAt }: Pick<SagaSummary, "startedAt" | "endedAt">) {
  const now = useNow();
  if (startedAt === undefined) {
    return <Nothing />;
  }
  return durationOf((endedAt === undefined ? now : timestampMs(endedAt)) - timestampMs(startedAt));
}

/** A cell of the table that has nothing to say; a card leaves it out. */
function Nothing() {
  return <span className={styles.nothing}>–</span>;
}
