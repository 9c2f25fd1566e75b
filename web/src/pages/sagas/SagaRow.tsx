import { timestampMs } from "@bufbuild/protobuf/wkt";
import { CommandState, type Command, type SagaSummary } from "order-saga-client/operations";
import { entryOf } from "order-saga-client";
import { Link } from "wouter";
import { CopyId } from "../../ui/CopyId.tsx";
import { StateBadge } from "../../saga/StateBadge.tsx";
import { standingOf } from "../../saga/model/told.ts";
import { When } from "../../ui/When.tsx";
import { durationOf } from "../../ui/duration.ts";
import { useNow } from "../../ui/useNow.ts";
import styles from "./SagaList.module.css";

/** A saga as a row of the table, which leads to the saga. */
export function SagaRow({ saga }: { saga: SagaSummary }) {
  const { sagaId, name, version, state, subject, startedAt, latest, reason } = saga;
  return (
    <tr>
      <td>
        <StateBadge standing={standingOf(state)} />
      </td>
      <td>
        <Link className={styles.link} href={`/sagas/${sagaId}`} title={sagaId}>
          {name === "" ? "unknown saga" : name} <span className={styles.soft}>{version > 0 && `v${version}`}</span>
          <span className={styles.unseen}> {sagaId}</span>
        </Link>
      </td>
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

const OUTCOMES: Record<CommandState, string> = {
  [CommandState.UNSPECIFIED]: "unknown",
  [CommandState.SENT]: "awaited",
  [CommandState.SUCCEEDED]: "succeeded",
  [CommandState.REFUSED]: "refused",
  [CommandState.UNKNOWN]: "no answer",
};

/** The latest command, what became of it, and how often it was sent. */
function Latest({ command: { name, state, repeats } }: { command: Command }) {
  return (
    <>
      {name}{" "}
      <span className={styles.soft}>
        {OUTCOMES[state]}
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
