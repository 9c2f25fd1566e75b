import { Fragment } from "react";
import { CopyId } from "../ui/CopyId.tsx";
import { exactOf } from "../ui/exact.ts";
import { sinceStart, type Message } from "./model/messages.ts";
import type { Run } from "./model/run.ts";
import styles from "./Log.module.css";

/** A message's type, which a narrow screen breaks after a full stop. */
export function Type({ type }: { type: string }) {
  return (
    <code>
      {type.split(/(?<=\.)/).map((part) => (
        <Fragment key={part}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </code>
  );
}

/** Every message of a step, each with its id. */
export function Messages({ messages, run }: { messages: readonly Message[]; run: Run }) {
  return (
    <ol className={styles.messages}>
      {messages.map(({ key, at, isReckoned, text, id }) => (
        <li key={key} className={styles.message}>
          <Since {...{ run, at, isReckoned }} />
          <span className={styles.text}>{text}</span>
          <span>{id && <CopyId id={id.value} what={`the ${id.of}'s id`} />}</span>
        </li>
      ))}
    </ol>
  );
}

/** A time told from the start of the run; the exact one stands in its title. */
export function Since({ run, at, isReckoned = false }: { run: Run; at: number | undefined; isReckoned?: boolean }) {
  if (at === undefined) {
    return <span className={styles.since} />;
  }
  const date = new Date(at);
  const exact = exactOf(date);
  return (
    <time
      className={styles.since}
      dateTime={date.toISOString()}
      title={isReckoned ? `${exact}, reckoned from the waits` : exact}
    >
      {isReckoned ? "≈ " : ""}
      {sinceStart(run, at)}
    </time>
  );
}
