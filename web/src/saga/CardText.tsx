import { exactDurationOf } from "../ui/duration.ts";
import type { Step } from "./model/run.ts";
import { CLASS_WORDS, dueWords, STEP_WORDS, titleOf } from "./model/words.ts";
import { StateIcon } from "./StateIcon.tsx";
import styles from "./CardText.module.css";

interface Props {
  step: Step;
  now: number;
  isNext: boolean;
  /** Whether its class and its service have a line each. */
  isStacked: boolean;
  /** Whether the words of a wait have to be short. */
  isTight: boolean;
}

/** The lines of a card; each of them stands at the same height in every card beside it. */
export function CardText({ step, now, isNext, isStacked, isTight }: Props) {
  const { name, service, class: kind, state, endedAt, sendings } = step;
  return (
    <>
      <span className={isStacked ? styles.stacked : styles.meta}>
        <span>{CLASS_WORDS[kind]}</span>{" "}
        <span className={styles.service} title={service}>
          {service}
        </span>
      </span>
      <span className={`${styles.name} ${state === "undone" ? styles.struck : ""}`} title={titleOf(name)}>
        {titleOf(name)}
      </span>
      <span className={styles.state}>
        <StateIcon state={state} />
        <span>{isNext ? "Next" : STEP_WORDS[state]}</span>
        {sendings > 1 && endedAt === undefined && <span className={styles.sent}>{sentWords(step)}</span>}
      </span>
      <Time {...{ step, now, isTight }} />
    </>
  );
}

/** As long as "in 1 min 20 s": beside a longer time there is no room for "sent again". */
const SHORT = 13;

/** What one watches: how long until it is sent again; afterwards, how long it took. */
function Time({ step, now, isTight }: Pick<Props, "step" | "now" | "isTight">) {
  const { attempts, endedAt, sendings } = step;
  const [first] = attempts;
  const [deed, left] = dueWords(step, now)?.split(/ (?=in |any )/) ?? [];
  if (deed !== undefined && left !== undefined) {
    return (
      <span className={styles.due}>
        {isTight || left.length > SHORT ? deed.replace(/^sent /, "") : deed} <span className={styles.left}>{left}</span>
      </span>
    );
  }
  const length = first && endedAt !== undefined ? [exactDurationOf(endedAt - first.at)] : [];
  const sent = sendings > 1 && endedAt !== undefined ? [sentWords(step)] : [];
  return <span className={styles.time}>{[...length, ...sent].join(" · ")}</span>;
}

function sentWords({ sendings }: Step): string {
  return `sent ${sendings}×`;
}

/** An undo that nothing has asked for: its state is told beside all of them once, and here to a screen reader. */
export function QuietText({ step: { name, service, state } }: Pick<Props, "step">) {
  return (
    <>
      <span className={styles.quiet}>
        <StateIcon state={state} />
        <span className={styles.name} title={titleOf(name)}>
          {titleOf(name)}
        </span>
      </span>
      <span className={styles.whose} title={service}>
        {service}
      </span>
      <span className={styles.hidden}>{STEP_WORDS[state]}</span>
    </>
  );
}
