import { exactDurationOf } from "../ui/duration.ts";
import type { Step } from "./model/run.ts";
import type { Fit } from "./model/sizes.ts";
import { CLASS_WORDS, dueWords, STEP_WORDS, titleOf } from "./model/words.ts";
import { StateIcon } from "./StateIcon.tsx";
import styles from "./CardText.module.css";

interface Props {
  step: Step;
  now: number;
  isNext: boolean;
  /** How they find room; undefined if the card's place is not known. */
  fit: Fit | undefined;
}

/** The lines of a card; each of them stands at the same height in every card beside it. */
export function CardText({ step, now, isNext, fit }: Props) {
  const { name, service, class: kind, state, endedAt, sendings } = step;
  return (
    <>
      <span className={fit?.isStacked ? styles.stacked : styles.meta}>
        <span>{CLASS_WORDS[kind]}</span>{" "}
        <span className={styles.service} title={service}>
          {service}
        </span>
      </span>
      <span className={`${styles.name} ${state === "undone" ? styles.struck : ""}`} title={titleOf(name)}>
        {titleOf(name)}
      </span>
      <span className={fit?.isFlat ? styles.level : styles.foot}>
        <span className={styles.state}>
          <StateIcon state={state} />
          <span>{isNext ? "Next" : STEP_WORDS[state]}</span>
          {sendings > 1 && endedAt === undefined && <span className={styles.sent}>{sentWords(step)}</span>}
        </span>{" "}
        <Time {...{ step, now, fit }} />
      </span>
    </>
  );
}

/** What one watches: how long until it is sent again; afterwards, how long it took. */
function Time({ step, now, fit }: Pick<Props, "step" | "now" | "fit">) {
  const { attempts, endedAt, sendings } = step;
  const [first] = attempts;
  const due = dueWords(step, now);
  if (due !== undefined) {
    const [deed, left] = (due.length > (fit?.letters ?? due.length) ? due.replace(/^sent /, "") : due).split(
      / (?=in |any )/,
    );
    return (
      <span className={styles.due}>
        {deed} <span className={styles.left}>{left}</span>
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
