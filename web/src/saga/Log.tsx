import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { CopyId } from "../ui/CopyId.tsx";
import { exactDurationOf } from "../ui/duration.ts";
import { endOf, messagesOf } from "./model/messages.ts";
import type { Run, Step } from "./model/run.ts";
import { stateWords, titleOf } from "./model/words.ts";
import { Messages, Since, Type } from "./Messages.tsx";
import { StateIcon } from "./StateIcon.tsx";
import { useTouched, type Touched } from "./touched.tsx";
import styles from "./Log.module.css";

interface Props {
  run: Run;
  entryIdOf: (step: string) => string;
}

/** The event that started the run, its commands and replies, in order of time: in short, or every message. */
export function Log({ run, entryIdOf }: Props) {
  const [isFull, setFull] = useState(false);
  const { startedBy, startedAt } = run;
  const end = endOf(run);
  const entries = useRef<HTMLOListElement>(null);
  // The browser looked for the entry that the address names before it was there.
  useEffect(() => {
    const named = document.getElementById(location.hash.slice(1));
    if (named && entries.current?.contains(named)) {
      named.focus();
    }
  }, []);
  return (
    <div>
      <div className={styles.bar}>
        <h3>Messages</h3>
        <Button kind="quiet" onClick={() => setFull(!isFull)}>
          {isFull ? "Show steps only" : "Show every message"}
        </Button>
      </div>
      <ol ref={entries} aria-label="Messages">
        <Entry
          run={run}
          at={startedAt}
          name={startedBy ? <Type type={startedBy.type} /> : "Saga started"}
          words="Event"
        >
          {startedBy && <CopyId id={startedBy.id} what="the event's id" />}
        </Entry>
        {run.sent.map((step) => (
          <StepEntry key={step.name} {...{ step, run, isFull }} id={entryIdOf(step.name)} />
        ))}
        {end && <Entry run={run} at={end.at} name={end.text} words="" />}
      </ol>
    </div>
  );
}

function StepEntry({ step, run, isFull, id }: { step: Step; run: Run; isFull: boolean; id: string }) {
  const { name, service, state, reason, attempts, endedAt, sendings, commandId } = step;
  const touched = useTouched(name);
  const first = attempts[0]?.at;
  const took = first !== undefined && endedAt !== undefined ? `after ${exactDurationOf(endedAt - first)}` : "";
  const repeats = sendings > 1 ? `sent ${sendings}×` : "";
  const words = [stateWords(step), reason, took, repeats].filter((word) => word !== "").join(" · ");
  return (
    <Entry
      {...{ run, id, words, touched }}
      at={first}
      icon={<StateIcon state={state} />}
      name={titleOf(name)}
      service={service}
      below={isFull && <Messages messages={messagesOf(step)} run={run} />}
    >
      {!isFull && commandId && <CopyId id={commandId} what={`the id of ${name}`} />}
    </Entry>
  );
}

interface EntryProps {
  run: Run;
  id?: string;
  touched?: Touched;
  at: number | undefined;
  icon?: ReactNode;
  name: ReactNode;
  service?: string;
  words: string;
  children?: ReactNode;
  below?: ReactNode;
}

function Entry({ run, id, touched, at, icon, name, service, words, children, below }: EntryProps) {
  return (
    <li
      className={`${styles.entry} ${touched?.isTouched ? styles.touched : ""}`}
      id={id}
      tabIndex={id === undefined ? undefined : -1}
      {...touched?.touch}
    >
      <Since {...{ run, at }} />
      <span className={styles.icon}>{icon}</span>
      <span className={styles.what}>
        <strong>{name}</strong> {service && <span className={styles.soft}>{service}</span>}
      </span>
      <span className={styles.words}>{words}</span>
      <span className={styles.id}>{children}</span>
      {below}
    </li>
  );
}
