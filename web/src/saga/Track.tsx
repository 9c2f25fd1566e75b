import type { CSSProperties } from "react";
import { barOf, marksOf, placeOf, type Part, type Span } from "./model/axis.ts";
import type { Step } from "./model/run.ts";
import styles from "./Track.module.css";

interface Props {
  step: Step;
  span: Span;
  /** Milliseconds since 1970. */
  now: number;
}

/** A step's bar on the time axis. Places are told as times, so that all of them move together when the axis changes. */
export function Track({ step, span, now }: Props) {
  const bar = barOf(step, span, now);
  const deadline = step.due && step.due.at <= span.to ? placeOf(span, step.due.at) : undefined;
  return (
    <span
      className={`${styles.track} ${styles[step.class]} ${step.endedAt === undefined ? styles.open : ""}`}
      aria-hidden="true"
    >
      {marksOf(span).map((at) => (
        <span key={at} className={styles.grid} style={atTime(at)} />
      ))}
      {bar?.waited && <span className={styles.waited} style={ofPart(bar.waited)} />}
      {bar?.worked && <span className={styles.worked} style={ofPart(bar.worked)} />}
      {bar?.ticks.map((at, number) => (
        <span key={number} className={styles.tick} style={atTime(at)} />
      ))}
      {deadline !== undefined && <span className={styles.deadline} style={atTime(deadline)} />}
    </span>
  );
}

/** The axis itself, with its marks told as times. */
export function Scale({ span, wordsOf }: { span: Span; wordsOf: (at: number) => string }) {
  return (
    <span className={styles.scale} aria-hidden="true">
      {marksOf(span).map((at) => (
        <span key={at} className={`${styles.mark} ${isNearEnd(span, at) ? styles.last : ""}`} style={atTime(at)}>
          {wordsOf(at)}
        </span>
      ))}
    </span>
  );
}

/** The length of the axis, for all that stands on it. */
export function ofLength({ from, to }: Span): CSSProperties {
  return { "--length": to - from } as CSSProperties;
}

function atTime(at: number): CSSProperties {
  return { "--at": at } as CSSProperties;
}

function ofPart({ from, till }: Part): CSSProperties {
  return { "--from": from, "--till": till } as CSSProperties;
}

/** Whether words in the middle of this mark would reach beyond the axis. */
function isNearEnd({ from, to }: Span, at: number): boolean {
  return at / (to - from) > 0.92;
}
