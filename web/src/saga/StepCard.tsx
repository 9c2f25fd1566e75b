import type { MouseEvent, ReactNode } from "react";
import type { Box } from "./model/layout.ts";
import type { Step } from "./model/run.ts";
import type { Fit } from "./model/sizes.ts";
import { CardText, QuietText } from "./CardText.tsx";
import { useTouched } from "./touched.tsx";
import styles from "./StepCard.module.css";

interface Props {
  step: Step;
  now: number;
  /** Where it stands; in the flow if that is not known. */
  box: Box | undefined;
  /** The id of its entry in the log; undefined before it is sent. */
  entryId: string | undefined;
  isNext: boolean;
  /** How its words find room; undefined if its place is not known. */
  fit: Fit | undefined;
  /** Whether it is an undo that nothing has asked for yet. */
  isQuiet: boolean;
}

/** A step of the diagram: what it is, how it stands, and the way to its entry in the log. */
export function StepCard({ step, now, box, entryId, isNext, fit, isQuiet }: Props) {
  const { name, class: kind, state } = step;
  const { isTouched, touch } = useTouched(name);
  const place = box && { left: box.x, top: box.y, width: box.width, height: box.height };
  const looks = [box && "placed", isQuiet && "quiet", isTouched && "touched"];
  const classes = ["card", kind, state, ...looks].flatMap((look) => (look ? [styles[look]] : []));
  return (
    <li className={classes.join(" ")} style={place} {...touch}>
      <Way entryId={entryId}>{isQuiet ? <QuietText step={step} /> : <CardText {...{ step, now, isNext, fit }} />}</Way>
    </li>
  );
}

function Way({ entryId, children }: { entryId: string | undefined; children: ReactNode }) {
  return entryId === undefined ? (
    <div className={styles.content}>{children}</div>
  ) : (
    <a className={styles.content} href={`#${entryId}`} onClick={goWithoutTrace}>
      {children}
    </a>
  );
}

/** A look at an entry is no page to come back to. Keys that open a link elsewhere do so. */
function goWithoutTrace(event: MouseEvent<HTMLAnchorElement>) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    location.replace(event.currentTarget.href);
  }
}
